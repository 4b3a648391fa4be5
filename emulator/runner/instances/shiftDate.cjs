'use strict';
/**
 * Gives a function virtual time. `Date` becomes a proxy, not a subclass: `Date()` without `new`,
 * subclasses and `instanceof` keep working, and an explicit date stays what it says.
 */
const RealDate = Date;
const realNow = RealDate.now;
let offsetMs = 0;

RealDate.now = () => realNow() + offsetMs;

globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(RealDate.now()).toString(),
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length > 0 ? given : [RealDate.now()], newTarget),
});
RealDate.prototype.constructor = globalThis.Date;

/** Sets what virtual time adds to real time, in milliseconds. Timers stay real. */
exports.shiftTo = (ms) => {
  offsetMs = ms;
};
