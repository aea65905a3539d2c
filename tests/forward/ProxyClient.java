// A Java client of an HTTP proxy: `java ProxyClient.java PROXY-PORT URL` prints what HttpClient and HttpURLConnection get.

import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

public class ProxyClient {
  public static void main(String[] args) throws Exception {
    InetSocketAddress proxy = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0]));
    URI uri = URI.create(args[1]);

    HttpClient client = HttpClient.newBuilder().proxy(ProxySelector.of(proxy)).build();
    HttpRequest post = HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString("by HttpClient")).build();
    HttpResponse<String> response = client.send(post, HttpResponse.BodyHandlers.ofString());
    System.out.println(response.statusCode() + " " + response.body());

    Proxy through = new Proxy(Proxy.Type.HTTP, proxy);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(through);
    connection.setRequestMethod("PUT");
    connection.setDoOutput(true);
    connection.setChunkedStreamingMode(4);
    connection.getOutputStream().write("by HttpURLConnection".getBytes("UTF-8"));
    System.out.println(connection.getResponseCode() + " "
        + new String(connection.getInputStream().readAllBytes(), "UTF-8"));
  }
}
