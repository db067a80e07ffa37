/** Takes an item out of a list, keeping the order of the others. What came last mostly leaves first, and popping costs least. */
export function takeOut<Item>(list: Item[], item: Item): void {
  if (list.length > 0 && list[list.length - 1] === item) {
    list.pop();
    return;
  }
  const place = list.indexOf(item);
  if (place >= 0) list.splice(place, 1);
}
