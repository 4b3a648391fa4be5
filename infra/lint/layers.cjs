/** Forms of the rules in `.dependency-cruiser.cjs`. */
const test = '\\.(test|contract)\\.ts$';

/** Files of `from` may import only `to` (and what is listed in `also`). */
const only = (name, from, to, also = []) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: test },
  to: { pathNot: [...to, ...also, '^node:', '^node_modules/@types/'] },
});
/** Files of `from` may not import `to`. */
const never = (name, from, to, except = []) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: test },
  to: { path: to, ...(except.length > 0 ? { pathNot: except } : {}) },
});
/**
 * Rooms of a folder, each with those it may import beside itself: what stands below it. Of the files
 * that lie directly in the folder a room imports only those that it names (`errors.ts`).
 */
const roomsOf = (folder, rooms) =>
  Object.entries(rooms).map(([room, below]) => ({
    name: `rooms-of-${folder.replaceAll('/', '-')}`,
    severity: 'error',
    from: { path: `^${folder}/${room}/`, pathNot: test },
    to: {
      path: `^${folder}/`,
      pathNot: [room, ...below].map(
        (each) => `^${folder}/${each}${each.endsWith('.ts') ? '$' : '/'}`,
      ),
    },
  }));

module.exports = { never, only, roomsOf, test };
