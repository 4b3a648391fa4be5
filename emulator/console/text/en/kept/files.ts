/** Words of what is kept by name and carried as a file, in English. */
export const files = {
  importFile: 'Import a file',
  importIt: 'Import',
  name: 'Name',
  nameHint: 'letters, digits, - or _, at most 60',
  choose: 'Choose a file',
  replace: 'Replace',
  replaces: (name: string) =>
    `There is “${name}” already: it cannot be brought back, unless it was exported.`,
  exportFile: 'Export',
  remove: 'Delete',
  removes: 'It cannot be brought back, unless it was exported.',
  sure: 'Yes: ',
  leave: 'No',
};
