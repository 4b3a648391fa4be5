import type { SignatureCause } from '../control/api/signature.ts';

/** Explains what happened and what to do about it, each Chinese, then English. */
interface Explanation {
  message: string;
  advice: string;
}

/** Explains each cause. */
export const EXPLANATIONS: Record<SignatureCause, Explanation> = {
  header: {
    message: '缺少微信支付的请求头，或其格式不对 (a header of WeChat Pay is missing or malformed)',
    advice:
      '检查网关、反向代理是否去掉了 Wechatpay- 开头的请求头；APIv2 的 XML 通知本来就没有 (see whether a gateway or proxy drops headers that begin with Wechatpay-; notices of APIv2 in XML never have them)',
  },
  probe: {
    message: '微信的签名探测：签名故意写错 (a signature probe of WeChat Pay: wrong on purpose)',
    advice:
      '拒绝它就对了，真通知随后会到；不要为它放宽验签 (refusing it is right, the real one follows; never relax the check for it)',
  },
  clock_off: {
    message:
      '服务器时钟与微信相差超过 5 分钟，签名本身正确 (the server’s clock is more than 5 minutes off; the signature is right)',
    advice: '用 NTP 校准服务器时间 (set the server’s clock by NTP)',
  },
  replay: {
    message:
      '签名正确，但在 5 分钟之前所签：重放的旧通知 (the signature is right and older than 5 minutes: an old notification, sent again)',
    advice:
      '拒绝它就对了，微信重发时会重新签名；若它到达时是新的，请填写到达时间再诊断 (refusing it is right, WeChat signs its repeats anew; if it was fresh when it arrived, say when that was)',
  },
  serial_unknown: {
    message:
      'Wechatpay-Serial 所指的密钥没有配置 (no key is configured under the serial in Wechatpay-Serial)',
    advice:
      '平台证书更换后请取新证书，或改用微信支付公钥；本商户没有这个序列号时，通知是伪造的 (after a change of the platform certificate take the new one, or the public key; a serial that the merchant console does not list is a forger’s)',
  },
  public_key_missing: {
    message:
      '微信用微信支付公钥签名，而这里只配置了平台证书 (WeChat signed with its public key, and only platform certificates are configured)',
    advice:
      '在商户平台「账户中心-API 安全」取微信支付公钥，设置 WXPAY_PUBLIC_KEY_ID 与 WXPAY_PUBLIC_KEY (take the WeChat Pay public key from the merchant console and set WXPAY_PUBLIC_KEY_ID and WXPAY_PUBLIC_KEY)',
  },
  key_kind: {
    message: '配置的密钥不是这一项要的那种 (the configured key is not of the kind that is wanted)',
    advice:
      '验签用 pub_key.pem（公钥）或平台证书；apiclient_cert.pem、apiclient_key.pem 是商户自己的 (pub_key.pem or the platform certificate verifies; apiclient_cert.pem and apiclient_key.pem are your own)',
  },
  key_not_of_serial: {
    message:
      '签名出自微信的另一把密钥：公钥与公钥 ID 不成对 (another key of WeChat’s made the signature: key and id do not belong together)',
    advice:
      '从商户平台同一处重新取公钥与公钥 ID，两项一起更换 (take key and id anew from the same place of the merchant console, and change both)',
  },
  body_reserialised: {
    message:
      '请求体被解析后重新序列化，字节已变 (the body was parsed and serialised again: its bytes are others)',
    advice:
      '验签必须用收到的原始字节，在任何 JSON 中间件之前取得 (verify the raw bytes as they came, before any JSON middleware)',
  },
  line_ends: {
    message:
      '换行、首尾空白或 BOM 被改动 (line ends, blanks around the body or a byte order mark were changed)',
    advice:
      '不要修剪或转换请求体；从文件粘贴时注意末尾的换行 (neither trim nor convert the body; mind the line end at the end of a pasted file)',
  },
  body_encoded: {
    message:
      '请求体经过了编码（base64 或 Latin-1），不是原始字节 (the body went through an encoding, base64 or Latin-1, and is not the raw bytes)',
    advice:
      '网关的 isBase64Encoded 为真时先解码；按字节而不是按文本读取 (decode first where the gateway says isBase64Encoded; read bytes, not text)',
  },
  content_changed: {
    message:
      '微信签过名，但签名之后内容被改 (WeChat signed it, and the content was changed after that)',
    advice:
      '拒绝它就对了；若所有通知都这样，请检查途中的代理 (refusing it is right; where all notifications are so, look at the proxies on the way)',
  },
  forged: {
    message:
      '签名不是这里已知的任何微信密钥所做：伪造 (none of WeChat’s keys known here made the signature: a forgery)',
    advice:
      '拒绝它就对了；若真通知都这样，说明公钥与公钥 ID 不成对，请重新下载 (refusing it is right; where real ones fail so, the public key is not the one of its id: take both anew)',
  },
  api_v3_key: {
    message:
      '签名正确，但 APIv3 密钥打不开内容 (the signature is right, and the APIv3 key does not open the content)',
    advice:
      '核对 WXPAY_API_V3_KEY 与商户平台设置的 APIv3 密钥：32 字节，首尾无空格 (compare WXPAY_API_V3_KEY with the APIv3 key of the merchant console: 32 bytes, no blank around it)',
  },
  other_merchant: {
    message:
      '签名正确，但这是另一个商户的通知 (the signature is right, but it is another merchant’s)',
    advice:
      '检查 notify_url 与 WXPAY_MCHID：它被发到了别的商户的服务 (compare notify_url and WXPAY_MCHID: it was sent to another merchant’s server)',
  },
};

/** The words for a notification that is taken, and for one that is refused for none of the known causes. */
export const NO_CAUSE: Record<'accepted' | 'refused', Explanation> = {
  accepted: {
    message: '签名正确，内容可以打开 (the signature is right and the content opens)',
    advice: '这条通知会被接受 (this notification is taken)',
  },
  refused: {
    message: '签名正确，但内容不合约定 (the signature is right, but the content is not as agreed)',
    advice: '见判定一栏的原因 (the verdict names the reason)',
  },
};
