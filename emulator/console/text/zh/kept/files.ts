/** Words of what is kept by name and carried as a file, in Chinese. */
export const files = {
  importFile: '导入文件',
  importIt: '导入',
  name: '名称',
  nameHint: '字母、汉字、数字、- 或 _，至多 60 个',
  choose: '选择文件',
  replace: '替换',
  replaces: (name: string) => `已有「${name}」，替换后找不回来，除非已导出。`,
  exportFile: '导出',
  remove: '删除',
  removes: '删除后找不回来，除非已导出。',
  sure: '确定',
  leave: '不了',
};
