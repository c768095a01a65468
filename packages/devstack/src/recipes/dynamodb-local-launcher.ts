/**
 * Starts DynamoDB Local on 127.0.0.1. Its own command line cannot: it always listens on every interface, without a
 * password, and it takes no port 0. So the server is made by its own factory, and its connector is told both before it
 * starts. The first argument is the port, 0 for any free one; the others are DynamoDB Local's.
 */
export const LAUNCHER_CLASS = 'LoopbackLauncher'

export const LAUNCHER_SOURCE: string = `
import java.lang.reflect.Field;
import java.util.Arrays;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

public final class ${LAUNCHER_CLASS} {
  public static void main(String[] args) throws Exception {
    DynamoDBProxyServer proxy =
        ServerRunner.createServerFromCommandLineArgs(Arrays.copyOfRange(args, 1, args.length));
    Field field = DynamoDBProxyServer.class.getDeclaredField("server");
    field.setAccessible(true);
    ServerConnector connector = (ServerConnector) ((Server) field.get(proxy)).getConnectors()[0];
    connector.setHost("127.0.0.1");
    connector.setPort(Integer.parseInt(args[0]));
    proxy.start();
    if (connector.getLocalPort() <= 0) System.exit(1);
    System.out.println("Listening on 127.0.0.1:" + connector.getLocalPort());
  }
}
`
