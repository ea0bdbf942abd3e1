// SPDX-License-Identifier: MIT
// Connects to each HOST, on port 5432, and prints what Java calls the failure.
import java.net.InetSocketAddress;
import java.net.Socket;

public class Caller {
	public static void main(String[] hosts) throws Exception {
		for (String host : hosts) {
			try (Socket socket = new Socket()) {
				InetSocketAddress address = new InetSocketAddress(host, 5432);
				if (address.isUnresolved())
					throw new java.net.UnknownHostException(host);
				socket.connect(address, 2000);
				System.out.println("connected");
			} catch (java.io.IOException error) {
				System.out.println(error.getClass().getSimpleName());
			}
		}
	}
}
