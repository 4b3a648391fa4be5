// CommonJS of an older language: it has to run where nothing else here does.
// What comes between them cannot require() a module of ES.
const WANTED = '20.19 / 22.12';

/** Says that a version of Node is too old; undefined for one that is not. */
function versionFault(version) {
  const [major, minor] = version.slice(1).split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19))
    return undefined;
  return `需要 Node.js ${WANTED} 或更新的版本，现在是 ${version}，见 https://nodejs.org (Node.js ${WANTED} or newer is needed, this is ${version})`;
}

module.exports = { versionFault };

const refusal = require.main === module ? versionFault(process.version) : undefined;
if (refusal) {
  process.stderr.write(`${refusal}\n`);
  process.exit(1);
}
