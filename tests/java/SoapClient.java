// The client of java_program_test.ts, as SOAP stacks are: HttpClient and HttpURLConnection of the JDK, HTTP/1.1.
//   java SoapClient.java calls URL          SOAP calls with every kind of body; a line for each
//   java SoapClient.java crowd URL N EACH   N clients at once, each with EACH calls, half of them with each class
//   java SoapClient.java read URL NAME…     what a browser's cache asks of a server: whole, unchanged, a part
// A line is: name, status, base64 of the body's bytes. The end is "done"; anything else that goes wrong is an exception.

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static java.nio.charset.StandardCharsets.UTF_8;

public class SoapClient {
  static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "calls" -> calls(args[1]);
      case "crowd" -> crowd(args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3]));
      case "read" -> read(args[1]);
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.out.println("done");
  }

  static byte[] envelope(String symbol) {
    return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        + "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>"
        + "<q:getQuote xmlns:q=\"http://quotes.example.org/\"><q:symbol>" + symbol + "</q:symbol>"
        + "<q:note>é€</q:note></q:getQuote></soapenv:Body></soapenv:Envelope>").getBytes(UTF_8);
  }

  static void calls(String url) throws Exception {
    byte[] fixed = envelope("fixed");
    byte[] chunked = envelope("chunked");
    byte[] expected = envelope("expected");
    say("client-fixed", post(url + "client-fixed", BodyPublishers.ofByteArray(fixed), false));
    say("client-chunked", post(url + "client-chunked", stream(chunked), false));
    say("client-expect", post(url + "client-expect", BodyPublishers.ofByteArray(expected), true));
    say("url-fixed", post(url + "url-fixed", fixed, false));
    say("url-chunked", post(url + "url-chunked", chunked, true));
  }

  static void crowd(String url, int clients, int each) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    List<Future<Void>> all = new ArrayList<>();
    for (int n = 0; n < clients; n++) {
      int client = n;
      Callable<Void> work = () -> {
        for (int i = 0; i < each; i++) {
          String path = client + "/" + i;
          byte[] body = envelope(path);
          Answer answer = client % 2 == 0
              ? post(url + path, BodyPublishers.ofByteArray(body), false)
              : post(url + path, body, i % 2 == 0);
          String text = new String(answer.body, UTF_8);
          if (answer.status != 200 || !text.contains("/" + path + "é€")) {
            throw new IOException(path + ": " + answer.status + " " + text);
          }
        }
        return null;
      };
      all.add(threads.submit(work));
    }
    for (Future<Void> one : all) one.get();
    threads.shutdown();
  }

  static void read(String url) throws Exception {
    HttpResponse<byte[]> whole = get(url + "plain.txt");
    say("whole", whole);
    String tag = whole.headers().firstValue("etag").orElseThrow();
    say("unchanged", get(url + "plain.txt", "If-None-Match", tag));
    say("part", get(url + "plain.txt", "Range", "bytes=100-199"));
    say("last", get(url + "plain.txt", "Range", "bytes=-50"));
    say("gzip", get(url + "soap.xml", "Accept-Encoding", "gzip"));
    say("missing", get(url + "none"));
    HttpURLConnection head = (HttpURLConnection) new URL(url + "plain.txt").openConnection();
    head.setRequestMethod("HEAD");
    say("head", new Answer(head.getResponseCode(), new byte[0]));
  }

  record Answer(int status, byte[] body) {}

  static Answer post(String url, BodyPublisher body, boolean expect) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url))
        .header("Content-Type", "text/xml; charset=utf-8").header("SOAPAction", "\"getQuote\"")
        .expectContinue(expect).POST(body).build();
    HttpResponse<byte[]> response = CLIENT.send(request, BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), response.body());
  }

  static Answer post(String url, byte[] body, boolean chunked) throws Exception {
    HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "text/xml; charset=utf-8");
    connection.setRequestProperty("SOAPAction", "\"getQuote\"");
    if (chunked) connection.setChunkedStreamingMode(64);
    else connection.setFixedLengthStreamingMode(body.length);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
    try (InputStream in = connection.getInputStream()) {
      return new Answer(connection.getResponseCode(), in.readAllBytes());
    }
  }

  static BodyPublisher stream(byte[] body) {
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
  }

  static HttpResponse<byte[]> get(String url, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (headers.length > 0) request.headers(headers);
    return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
  }

  static void say(String name, HttpResponse<byte[]> response) {
    say(name, new Answer(response.statusCode(), response.body()));
  }

  static void say(String name, Answer answer) {
    System.out.println(name + " " + answer.status + " " + Base64.getEncoder().encodeToString(answer.body));
  }
}
