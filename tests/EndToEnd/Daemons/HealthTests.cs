using System.Net;
using System.Text.Json;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Daemons;

/// <summary>Health, readiness and metrics.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task The_page_counts_what_happens_and_names_neither_ids_nor_names_nor_keys_nor_addresses()
    {
        using var home = await TemporaryHome.CreateAsync();
        using var other = new TemporaryHome();
        _ = await home.DoAsync("put", "canary-node", "canary-field=canary-value", "--type", "canary-type");
        var ticket = (await home.DoAsync("invite")).Trim();
        _ = await other.DoAsync("join", "--ticket-file", other.Write("ticket.txt", ticket), "--name", "canary-name", "--space", "canary-space");
        await using var first = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0", "--metrics-listen", "127.0.0.1:0");
        await using var second = await Daemon.StartAsync(other, "--connect", first.Listening[0], "--metrics-listen", "localhost:0");
        await Eventually.SaysAsync(() => other.DoAsync("ls", "--space", "canary-space"), "canary-node");
        _ = await home.DoAsync("put", "canary-node", "more=1");
        await Eventually.SaysAsync(() => other.DoAsync("state", "--space", "canary-space"), "more");
        using var client = new HttpClient();

        var pages = new[] { await client.GetStringAsync(new Uri(first.Metrics)), await client.GetStringAsync(new Uri(second.Metrics)) };

        Assert.Contains("replica_sessions 1\n", pages[0]);
        Assert.Contains("replica_spaces 1\n", pages[0]);
        Assert.Contains("replica_changes_applied_total{origin=\"local\"} ", pages[0]);
        Assert.Contains("replica_changes_applied_total{origin=\"peer\"} ", pages[1]);
        Assert.Contains("replica_connection_attempts_total{direction=\"accepted\",outcome=\"connected\"} 1\n", pages[0]);
        Assert.Contains("replica_connection_attempts_total{direction=\"dialled\",outcome=\"connected\"} 1\n", pages[1]);
        Assert.Contains("replica_commit_duration_seconds_bucket{le=\"+Inf\"} ", pages[1]);
        Assert.Contains("replica_session_io_bytes_total{direction=\"receive\"} ", pages[1]);
        Assert.Contains("replica_store_queue ", pages[1]);
        Assert.Contains("replica_store_wal_bytes ", pages[1]);
        var status = JsonDocument.Parse(await home.DoAsync("status", "--json")).RootElement;
        var space = status.GetProperty("spaces")[0];
        string[] secrets =
        [
            "canary", "main", "127.0.0.1", "::1", home.Path, ticket[..20],
            status.GetProperty("device").GetString()![..8], space.GetProperty("id").GetString()![..8],
            .. space.GetProperty("logs").EnumerateArray().Select(static log => log.GetProperty("log").GetString()![..8]),
        ];
        foreach (var page in pages)
        {
            foreach (var secret in secrets)
            {
                Assert.DoesNotContain(secret, page, StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Fact]
    public async Task It_is_alive_and_ready_and_answers_neither_to_other_names_nor_to_pages()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home, "--metrics-listen", "[::1]:0");
        using var client = new HttpClient { BaseAddress = new Uri(daemon.Metrics) };

        Assert.Equal("ok\n", await client.GetStringAsync(new Uri("/healthz", UriKind.Relative)));
        Assert.Equal("ready\n", await client.GetStringAsync(new Uri("/readyz", UriKind.Relative)));
        using var renamed = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        renamed.Headers.Host = "evil.example";
        using var page = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        page.Headers.Add("Origin", "http://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(renamed)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(page)).StatusCode);
    }

    [Fact]
    public async Task A_port_in_use_is_told_and_the_home_let_go()
    {
        using var home = await TemporaryHome.CreateAsync();
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        foreach (var option in new[] { "--metrics-listen", "--api-listen" })
        {
            var outcome = await home.RunAsync("run", option, $"{taken.LocalEndpoint}");

            Assert.Equal(1, outcome.Code);
            Assert.Contains("REPLICA_ADDRESS_IN_USE", Assert.Single(outcome.ErrorLines));
        }

        Assert.Equal("", await home.DoAsync("ls"));
    }
}
