using System.Net.Sockets;
using System.Text;

namespace Replica.Tests.EndToEnd.Security;

/// <summary>A request to the control API that no command would make.</summary>
internal static class ControlRequest
{
    /// <summary>Posts a body and gives the answer's text.</summary>
    public static async Task<string> PostAsync(string socketPath, string path, string body)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await client.PostAsync(new Uri("http://replica" + path), content);
        return await answer.Content.ReadAsStringAsync();
    }
}
