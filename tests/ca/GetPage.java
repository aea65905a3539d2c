// The Java client of clients_test.ts: prints what URL answers, or why there is no answer, with what its JVM trusts.
//   java [-Djavax.net.ssl.trustStore=FILE] GetPage.java URL

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

public class GetPage {
  public static void main(String[] args) throws Exception {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(args[0])).build();
      System.out.print(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
    } catch (IOException refused) {
      System.out.print(refused);
    }
  }
}
