/** Words of the page about saved worlds, in Chinese. */
export const worlds = {
  title: '存档',
  intro: '保存整个本地云此刻的样子：订单、微信侧、时钟、故障、将要发生的事；载入后从那一刻继续。',
  saved: '已保存的世界',
  nothing: '还没有存档',
  nothingHint: '在一侧起个名字保存现在的世界，或导入别人给的文件。',
  saveNow: '保存现在的世界',
  save: '保存',
  importHint: '文件先检查再保存，载入之前什么也不改变。',
  file: '世界文件',
  holds: (orders: string, at: string) => `${orders} 笔订单，时钟在 ${at}`,
  savedAt: (at: string) => `保存于 ${at}`,
  load: '载入',
  loses: '现在的订单、时钟与故障都会被替换，未保存的就没有了。',
};
