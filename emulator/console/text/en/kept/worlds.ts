/** Words of the page about saved worlds, in English. */
export const worlds = {
  title: 'Worlds',
  intro:
    'Saves the whole local cloud as it is now: orders, WeChat’s side, clock, faults, what is going to happen. Loaded, it goes on from that moment.',
  saved: 'Saved worlds',
  nothing: 'Nothing is saved yet',
  nothingHint: 'Save the present world under a name, or import a file that somebody gave you.',
  saveNow: 'Save the present world',
  save: 'Save',
  importHint: 'A file is checked and kept; nothing changes until it is loaded.',
  file: 'File of a world',
  holds: (orders: string, at: string) => `${orders} orders, the clock at ${at}`,
  savedAt: (at: string) => `saved ${at}`,
  load: 'Load',
  loses: 'The present orders, clock and faults are replaced: what is not saved is lost.',
};
