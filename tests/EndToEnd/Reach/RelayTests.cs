using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary><c>replica relay</c> and daemons that know each other through it alone.</summary>
public sealed class RelayTests
{
    [Fact]
    public async Task A_ticket_leads_through_the_relay_and_both_sides_follow_each_other()
    {
        await using var relay = await RelayProcess.StartAsync("--open");
        using var a = await TemporaryHome.CreateAsync();
        using var b = new TemporaryHome();
        await a.DoAsync("put", "page/home", "title=one");
        await using var first = await Daemon.StartAsync(a, "--relay", relay.Url);
        var ticket = (await a.DoAsync("invite")).Trim();
        await b.DoAsync("join", ticket);

        await using var second = await Daemon.StartAsync(b, "--relay", relay.Url);
        await Eventually.HoldsAsync(b, "page/home", "one");
        await b.DoAsync("put", "page/home", "title=two");
        await Eventually.HoldsAsync(a, "page/home", "two");

        Assert.Contains("relay+ws://", await b.DoAsync("status"));
        var (_, metrics) = await relay.GetAsync("/metrics");
        Assert.Contains("replica_relay_tunnels 1\n", metrics);
        Assert.Equal((200, "ok\n"), await relay.GetAsync("/health"));
        Assert.Equal(0, await relay.StopAsync());
    }

    [Fact]
    public async Task F20_peers_come_back_when_the_relay_does()
    {
        var relay = await RelayProcess.StartAsync("--open");
        var port = relay.Url.Split(':')[^1];
        using var a = await TemporaryHome.CreateAsync();
        using var b = new TemporaryHome();
        await using var first = await Daemon.StartAsync(a, "--relay", relay.Url);
        await b.DoAsync("join", (await a.DoAsync("invite")).Trim());
        await using var second = await Daemon.StartAsync(b, "--relay", relay.Url);
        await a.DoAsync("put", "n", "x=1");
        await Eventually.HoldsAsync(b, "n", "1");

        await relay.DisposeAsync();
        await a.DoAsync("put", "n", "x=2");
        await using var again = await RelayProcess.StartAsync("--open", "--listen", "ws://127.0.0.1:" + port);

        await Eventually.HoldsAsync(b, "n", "2");
    }

    [Fact]
    public async Task A_relay_starts_only_when_it_is_said_who_may_use_it()
    {
        var outcome = await ReplicaProcess.RunAsync(["relay", "--listen", "ws://127.0.0.1:0", "--name", "127.0.0.1"]);

        Assert.Equal(2, outcome.Code);
        Assert.Contains("--open", outcome.Error);
    }

    [Theory]
    [InlineData("--rate", "1000", "--rate is at least 65536 bytes a second, or 0")]
    [InlineData("--proxy", "proxy.example", "--proxy 'proxy.example' is no IP address")]
    public async Task A_rate_that_would_cut_tunnels_and_a_proxy_without_address_are_refused(string option, string value, string expected)
    {
        var outcome = await ReplicaProcess.RunAsync(["relay", "--listen", "ws://127.0.0.1:0", "--name", "127.0.0.1", "--open", option, value]);

        Assert.Equal(2, outcome.Code);
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_keeps_out_who_lacks_it()
    {
        await using var relay = await RelayProcess.StartAsync("--token", "right");
        using var a = await TemporaryHome.CreateAsync();
        using var b = new TemporaryHome();
        await using var first = await Daemon.StartAsync(a, "--relay", relay.Url, "--relay-token", "right");
        await b.DoAsync("join", (await a.DoAsync("invite")).Trim());

        await using (await Daemon.StartAsync(b, "--relay", relay.Url, "--relay-token", "wrong"))
        {
            await Eventually.SaysAsync(() => b.DoAsync("status"), "wants a token");
        }

        await using var second = await Daemon.StartAsync(b, "--relay", relay.Url, "--relay-token", "right");
        await a.DoAsync("put", "n", "x=1");
        await Eventually.HoldsAsync(b, "n", "1");
    }

    [Fact]
    public async Task Over_TLS_by_the_usual_configuration_only_a_certificate_that_is_trusted_is_taken()
    {
        using var a = await TemporaryHome.CreateAsync();
        using var b = new TemporaryHome();
        var (certificate, key) = SelfMade(a);
        await using var relay = await RelayProcess.StartBehindAsync(
            ["env", $"ASPNETCORE_Kestrel__Certificates__Default__Path={certificate}", $"ASPNETCORE_Kestrel__Certificates__Default__KeyPath={key}"],
            "--open", "--listen", "wss://127.0.0.1:0");
        Assert.StartsWith("wss://", relay.Url, StringComparison.Ordinal);
        string[] trusting = ["env", $"SSL_CERT_FILE={certificate}"];
        await b.DoAsync("join", (await a.DoAsync("invite")).Trim());
        await using var first = await Daemon.StartBehindAsync(trusting, a, "--no-lan", "--relay", relay.Url);

        await using (await Daemon.StartAsync(b, "--relay", relay.Url))
        {
            await Eventually.SaysAsync(() => b.DoAsync("doctor"), "REPLICA_RELAY_UNREACHABLE");
            Assert.Matches("The certificate of .* is not accepted: .*UntrustedRoot", await b.DoAsync("doctor"));
        }

        await using var second = await Daemon.StartBehindAsync(trusting, b, "--no-lan", "--relay", relay.Url);
        await a.DoAsync("put", "n", "x=1");
        await Eventually.HoldsAsync(b, "n", "1");
        Assert.Contains("relay+wss://", await b.DoAsync("status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relay_told_to_stop_lets_a_tunnel_end_and_its_peers_go_on_at_another()
    {
        await using var relay = await RelayProcess.StartAsync("--open", "--drain", "1");
        await using var other = await RelayProcess.StartAsync("--open");
        using var a = await TemporaryHome.CreateAsync();
        using var b = new TemporaryHome();
        await using var first = await Daemon.StartAsync(a, "--relay", relay.Url, "--relay", other.Url);
        await b.DoAsync("join", (await a.DoAsync("invite")).Trim());
        await using var second = await Daemon.StartAsync(b, "--relay", relay.Url, "--relay", other.Url);
        await a.DoAsync("put", "n", "x=1");
        await Eventually.HoldsAsync(b, "n", "1");

        Assert.Equal(0, await relay.StopAsync());
        await a.DoAsync("put", "n", "x=2");

        await Eventually.HoldsAsync(b, "n", "2");
    }

    private static (string Certificate, string Key) SelfMade(TemporaryHome home)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return (home.Write("relay.pem", made.ExportCertificatePem()), home.Write("relay.key", key.ExportPkcs8PrivateKeyPem()));
    }
}
