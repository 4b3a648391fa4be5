// CommonJS of an older language: it has to run where nothing else here does.
const WANTED = [20, 19];

/** Says that a version of Node is too old; undefined for one that is not. */
function versionFault(version) {
  const [major, minor] = version.slice(1).split('.').map(Number);
  if (major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1])) return undefined;
  const wanted = WANTED.join('.');
  return `需要 Node.js ${wanted} 或更新的版本，现在是 ${version}，见 https://nodejs.org (Node.js ${wanted} or newer is needed, this is ${version})`;
}

module.exports = { versionFault };

const refusal = require.main === module ? versionFault(process.version) : undefined;
if (refusal) {
  process.stderr.write(`${refusal}\n`);
  process.exit(1);
}
