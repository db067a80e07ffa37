// A file of its own, because only a static import of a CommonJS module has names after bundling; it is loaded when help is asked for.
export { Help } from '@oclif/core/help';
