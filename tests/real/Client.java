// SPDX-License-Identifier: MIT
// Connects to each host in turn, in one VM, with pgjdbc over TLS, and prints the client
// address that the server saw, or the error.
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;

public class Client {
	public static void main(String[] hosts) {
		for (String host : hosts)
			System.out.println(answer(host));
	}

	private static String answer(String host) {
		String url = "jdbc:postgresql://" + host + "/postgres?user=tls&sslmode=verify-full"
			+ "&connectTimeout=2&sslrootcert=" + System.getenv("CA");
		try (Connection connection = DriverManager.getConnection(url);
				ResultSet rows = connection.createStatement()
					.executeQuery("select host(inet_client_addr())")) {
			rows.next();
			return rows.getString(1);
		} catch (SQLException error) {
			return reason(error);
		}
	}

	private static String reason(Throwable error) {
		while (error.getCause() != null)
			error = error.getCause();
		return error.getClass().getSimpleName();
	}
}
