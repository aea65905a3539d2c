// Opens https addresses with the trust that the command line of Java gives it, and says of each what came of it.

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

public class TlsClient {
    public static void main(String[] addresses) throws Exception {
        for (String address : addresses) {
            HttpURLConnection connection = (HttpURLConnection) URI.create(address).toURL().openConnection();
            try {
                System.out.println(connection.getResponseCode());
                connection.getInputStream().readAllBytes();
            } catch (IOException error) {
                System.out.println(error.getClass().getSimpleName());
            }
            connection.disconnect();
        }
    }
}
