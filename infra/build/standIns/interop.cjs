/**
 * Stands in for what TypeScript writes into every file that imports CommonJS, 500 bytes each time. Members of a
 * namespace are read from the module itself, so that none is loaded for having been named.
 */
exports.__importStar = (module) =>
  module?.__esModule ? module : Object.create(module, { default: { value: module } });

exports.__importDefault = (module) => (module?.__esModule ? module : { default: module });
