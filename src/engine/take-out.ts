/** Takes an item out of a list, keeping the order of the others. What came last mostly leaves first, and popping costs least. */
export function takeOut<Item>(list: Item[], item: Item): void {
  const place = list.indexOf(item);
  if (place < 0) return;
  if (place === list.length - 1) list.pop();
  else list.splice(place, 1);
}
