using System.Net.WebSockets;
using Replica.Transport;
using Replica.Transport.WebSockets;
using Xunit;

namespace Replica.Tests.Properties.Transport;

/// <summary>A WebSocket whose request may end before the link does.</summary>
public sealed class WebSocketLinkTests
{
    [Fact]
    public async Task An_abort_after_the_request_has_ended_harms_nobody()
    {
        using var stream = new MemoryStream();
        var asked = 0;
        await using var link = new WebSocketLink(
            WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true }),
            PeerAddress.Parse("memory:x"),
            () =>
            {
                asked++;
                throw new ObjectDisposedException("the request");
            });

        link.Abort();
        link.Abort();

        Assert.Equal(1, asked);
    }
}
