using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Relay;
using Xunit;

namespace Replica.Tests.Properties.Transport;

/// <summary>What is said of an address where no relay is: the reader must see what to look for.</summary>
public sealed class WrongRelayTests
{
    [Theory]
    [InlineData(200, "<html>Welcome to the hotel. Please log in to use the network, it costs nothing but your name.</html>")]
    [InlineData(200, "ok")]
    [InlineData(302, "")]
    [InlineData(404, "<html>no such page</html>")]
    public async Task A_login_page_instead_of_the_relay_is_named_as_what_it_may_be(int status, string page)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        await using var portal = builder.Build();
        portal.Run(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://login.example/";
            return context.Response.WriteAsync(page);
        });
        await portal.StartAsync();
        Assert.True(PeerAddress.RelayRoute.TryParseRelay("ws://" + new Uri(portal.Urls.First()).Authority, out var relay, out _));

        var problem = await DialAsync(relay!);

        Assert.Equal(TransportFailure.ProtocolBlocked, problem.Failure);
        Assert.Contains($"is no relay: it said {status}.", problem.Message, StringComparison.Ordinal);
        Assert.Contains("login page", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_named()
    {
        Assert.True(PeerAddress.RelayRoute.TryParseRelay("wss://relay.invalid", out var relay, out _));

        var problem = await DialAsync(relay!);

        Assert.Equal(TransportFailure.AddressUnknown, problem.Failure);
        Assert.Contains("relay.invalid", problem.Message, StringComparison.Ordinal);
    }

    private static async Task<TransportException> DialAsync(PeerAddress.RelayRoute relay)
    {
        using var device = DeviceKeyPair.Create();
        using var transport = new RelayTransport(device, static _ => null, TimeProvider.System);
        return await Assert.ThrowsAsync<TransportException>(async () => await transport.ConnectAsync(relay.To(device.PublicKey), default));
    }
}
