using System.Net.Sockets;
using System.Text.Json;
using Replica.Tests.EndToEnd.Processes;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.EndToEnd.Security;

/// <summary>A peer that shares no code with this one, written from docs/independent-peers.md, and <c>dev echo</c> understand each other.</summary>
public sealed class IndependentPeerTests(ITestOutputHelper output)
{
    // Each direction changes its key after 16,384 messages.
    private const string TwoRekeys = "33000";

    [Fact]
    public async Task An_independent_initiator_gets_its_messages_back_over_two_changes_of_key()
    {
        await using var echo = await StartEchoAsync();
        if (NodePeer.TryStart(output, "dial", "127.0.0.1", echo.Port, TwoRekeys, echo.Device) is not { } peer)
        {
            return;
        }

        await using var _ = peer;
        var told = JsonDocument.Parse(await peer.NextAsync()).RootElement;
        var session = JsonDocument.Parse(await echo.Lines.NextAsync()).RootElement;
        var ended = JsonDocument.Parse(await echo.Lines.NextAsync()).RootElement;

        Assert.Equal(told.GetProperty("device").GetString(), session.GetProperty("device").GetString());
        Assert.Equal(told.GetProperty("hash").GetString(), session.GetProperty("hash").GetString());
        Assert.Equal("responder", session.GetProperty("role").GetString());
        Assert.Equal(int.Parse(TwoRekeys), ended.GetProperty("messages").GetInt64());
        Assert.Equal(0, (await peer.EndAsync()).Code);
    }

    [Fact]
    public async Task An_independent_responder_gets_its_messages_back_over_two_changes_of_key()
    {
        if (NodePeer.TryStart(output, "listen", TwoRekeys) is not { } peer)
        {
            return;
        }

        await using var _ = peer;
        await using var echo = new LineReader(ReplicaProcess.Start(["dev", "echo", "--connect", "127.0.0.1:" + await peer.NextAsync(), "--json"]));
        var told = JsonDocument.Parse(await peer.NextAsync()).RootElement;
        var session = JsonDocument.Parse(await echo.NextAsync()).RootElement;

        Assert.Equal(told.GetProperty("device").GetString(), session.GetProperty("device").GetString());
        Assert.Equal("initiator", session.GetProperty("role").GetString());
        Assert.Equal(0, (await echo.EndAsync()).Code);
        Assert.Equal(0, (await peer.EndAsync()).Code);
    }

    [Fact]
    public async Task S2_an_echo_closes_when_another_device_than_the_allowed_one_answers()
    {
        if (NodePeer.TryStart(output, "listen", "1") is not { } peer)
        {
            return;
        }

        await using var _ = peer;
        var outcome = await ReplicaProcess.RunAsync(
            ["dev", "echo", "--connect", "127.0.0.1:" + await peer.NextAsync(), "--allow", new string('a', 64)]);

        Assert.Equal(1, outcome.Code);
        Assert.Contains("REPLICA_WRONG_DEVICE", outcome.Error);
        Assert.Equal(1, (await peer.EndAsync()).Code);
    }

    [Fact]
    public async Task An_echo_goes_on_after_bad_peers_and_ends_well_when_it_is_told_to()
    {
        await using var echo = await StartEchoAsync();
        foreach (var bytes in (byte[][])["GET / HTTP/1.1\r\n\r\n"u8.ToArray(), "replica/2\n"u8.ToArray(), [0x16, 3, 1, 0, 5]])
        {
            using var bad = new TcpClient();
            await bad.ConnectAsync("127.0.0.1", int.Parse(echo.Port));
            await bad.GetStream().WriteAsync(bytes);

            Assert.Equal(0, await ReadOrResetAsync(bad.GetStream()));
            Assert.Contains("\"refused\"", await echo.Lines.NextAsync());
        }

        await ReplicaProcess.SignalAsync(echo.Lines.Process, "INT");

        Assert.Equal(0, (await echo.Lines.EndAsync()).Code);
    }

    [Theory]
    [InlineData("initiator", "")]
    [InlineData("responder", "")]
    [InlineData("initiator", "home")]
    public async Task An_identity_vouches_for_a_key_that_an_independent_verifier_accepts(string role, string home)
    {
        using var directory = await TemporaryHome.CreateAsync();
        var key = Convert.ToHexStringLower([.. Enumerable.Range(32, 32).Select(static value => (byte)value)]);
        string[] where = home.Length > 0 ? ["--dir", directory.Path] : [];

        var outcome = await ReplicaProcess.RunAsync([.. where, "dev", "identity", "--static-hex", key, "--role", role, "--json"]);

        var line = JsonDocument.Parse(outcome.Output).RootElement;
        var payload = Convert.FromHexString(line.GetProperty("payload").GetString()!);
        Assert.Equal(96, payload.Length);
        Assert.Equal(line.GetProperty("device").GetString(), Convert.ToHexStringLower(payload.AsSpan(0, 32)));
        byte[] text = [.. "replica/noise-static/1"u8, 0, role == "initiator" ? (byte)0 : (byte)1, .. Convert.FromHexString(key)];
        Assert.True(Org.BouncyCastle.Math.EC.Rfc8032.Ed25519.Verify(payload, 32, payload, 0, text, 0, text.Length));
        if (home.Length > 0)
        {
            Assert.Contains(line.GetProperty("device").GetString()!, await directory.DoAsync("status"));
        }
    }

    private static async Task<int> ReadOrResetAsync(NetworkStream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[64]).AsTask().WaitAsync(ReplicaProcess.Limit);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task<Echo> StartEchoAsync()
    {
        var lines = new LineReader(ReplicaProcess.Start(["dev", "echo", "--listen", "127.0.0.1:0", "--json"]));
        var listening = JsonDocument.Parse(await lines.NextAsync()).RootElement;
        return new(lines, listening.GetProperty("address").GetString()!.Split(':')[^1], listening.GetProperty("device").GetString()!);
    }

    private sealed record Echo(LineReader Lines, string Port, string Device) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Lines.DisposeAsync();
    }
}
