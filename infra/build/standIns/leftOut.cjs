/**
 * Makes what stands in for a part that was left out: it loads silently, its members are such parts too, and calling
 * it or making an instance throws its name.
 */
exports.leftOut = function leftOut(part) {
  const refuse = () => {
    throw new Error(`${part} was left out of this bundle; see infra/build/cuts.ts`);
  };
  const get = (target, key) => {
    if (key === '__esModule') return true;
    return typeof key === 'symbol' || key === 'prototype' ? target[key] : standIn;
  };
  // An import copies the members that it can list, which are none, and inherits the rest.
  const members = new Proxy({}, { get });
  const standIn = new Proxy(function part() {}, {
    get,
    getPrototypeOf: () => members,
    apply: refuse,
    construct: refuse,
  });
  return standIn;
};
