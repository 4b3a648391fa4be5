import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs a call of a payment function and sends it; needs nothing but Java 11:
 * java examples/server/Sign.java queryOrder &lt; order.json
 */
final class Sign {
  /** Makes the request; data is JSON text, which is signed and sent as it stands, however it is spelled. */
  static String requestBody(
      String key, String name, String envId, String appid, long timeMs, String data)
      throws GeneralSecurityException {
    String text = String.join("\n", name, envId, appid, Long.toString(timeMs), data);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
    StringBuilder signature = new StringBuilder();
    for (byte each : mac.doFinal(text.getBytes(UTF_8))) {
      signature.append(String.format("%02x", each));
    }
    return String.format(
        "{\"signed\":{\"envId\":%s,\"appid\":%s,\"time\":%d,\"data\":%s,\"signature\":\"%s\"}}",
        quoted(envId), quoted(appid), timeMs, quoted(data), signature);
  }

  /** Writes a text as JSON; a JSON library that you have does it as well. */
  static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char each : text.toCharArray()) {
      if (each < ' ') {
        json.append(String.format("\\u%04x", (int) each));
      } else {
        json.append(each == '"' || each == '\\' ? "\\" : "").append(each);
      }
    }
    return json.append('"').toString();
  }

  /** Calls a function; the answer's errCode is 0 where it did what was asked. */
  static String call(String name, String data) throws Exception {
    String envId = System.getenv("TCB_ENV");
    String url = envOr("LOCAL_URL", "https://" + envId + ".api.tcloudbasegateway.com");
    String apiKey = envOr("LOCAL_API_KEY", System.getenv("CLOUDBASE_APIKEY"));
    String body =
        requestBody(
            System.getenv("WXPAY_SERVICE_KEY"),
            name,
            envId,
            System.getenv("WXPAY_APPID"),
            System.currentTimeMillis(),
            data);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/v1/functions/" + name))
            .header("Authorization", "Bearer " + apiKey)
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofString(body, UTF_8))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString(UTF_8)).body();
  }

  private static String envOr(String name, String other) {
    String value = System.getenv(name);
    return value == null ? other : value;
  }

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    String input = new String(System.in.readAllBytes(), UTF_8);
    if (!args[0].equals("--vectors")) {
      out.println(call(args[0], input));
      return;
    }
    // One call a line, its fields in base64: key, name, envId, appid, time, data.
    for (String line : input.split("\n")) {
      String[] field = line.split(" ");
      for (int at = 0; at < field.length; at += 1) {
        field[at] = new String(Base64.getDecoder().decode(field[at]), UTF_8);
      }
      long timeMs = Long.parseLong(field[4]);
      out.println(requestBody(field[0], field[1], field[2], field[3], timeMs, field[5]));
    }
  }
}
