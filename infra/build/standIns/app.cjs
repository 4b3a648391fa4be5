/**
 * Stands in for the SDK's `CloudBase`, whose file requires every product of the platform: this one has documents,
 * functions and the calls of cloud pay, by the SDK's own files. Whatever else somebody asks of it throws its name.
 */
const { callFunction } = require('@cloudbase/node-sdk/dist/functions');
const { newDb } = require('@cloudbase/node-sdk/dist/database');
const { request } = require('@cloudbase/node-sdk/dist/utils/tcbapirequester');
const { preflightRuntimeCloudPlatform } = require('@cloudbase/node-sdk/dist/utils/cloudplatform');
const { getCloudbaseContext, parseContext } = require('@cloudbase/node-sdk/dist/utils/tcbcontext');
const { normalizeConfig } = require('@cloudbase/node-sdk/dist/utils/utils');
const { leftOut } = require('./leftOut.cjs');

const LEFT_OUT =
  'models mysql rdb ai auth analytics logger callContainer callApis callWxOpenApi wxCallContainerApi callCompatibleWxOpenApi uploadFile downloadFile copyFile deleteFile getTempFileURL getFileInfo getUploadMetadata getFileAuthority extensionMap registerExtension invokeExtension sendTemplateNotification requestClient';

class CloudBase {
  static getCloudbaseContext = getCloudbaseContext;

  static parseContext(context) {
    CloudBase.scfContext = parseContext(context);
    return CloudBase.scfContext;
  }

  constructor(config) {
    this.init(config);
  }

  init(config = {}) {
    void preflightRuntimeCloudPlatform();
    this.config = normalizeConfig(config);
  }

  database(config) {
    return newDb(this, config);
  }

  async callFunction(called, options) {
    return await callFunction(this, called, options);
  }

  async callWxPayApi({ apiName, apiOptions, cgiName, requestData }, options) {
    return await request({
      config: this.config,
      method: 'post',
      headers: { 'content-type': 'multipart/form-data' },
      params: { action: 'wx.wxPayApi', apiName, apiOptions, cgiName, requestData },
      isFormData: true,
      opts: { type: 'raw', ...options },
    });
  }
}
for (const name of LEFT_OUT.split(' ')) CloudBase.prototype[name] = leftOut(name);

exports.CloudBase = CloudBase;
