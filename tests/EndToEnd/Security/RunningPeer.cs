using Replica.Peer.Membership;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Security;

/// <summary>A <c>replica run</c> with a space in it, for all tests of a class: what one of them does must not harm the next.</summary>
public sealed class RunningPeer : IAsyncLifetime
{
    /// <summary>A value that nobody outside may ever see.</summary>
    public const string Value = "canary-value-7d1f";

    private TemporaryHome? _home;
    private Daemon? _daemon;

    internal TemporaryHome Home => _home!;

    internal Daemon Daemon => _daemon!;

    /// <summary>The port it listens on.</summary>
    public int Port { get; private set; }

    /// <summary>Its address.</summary>
    public string Address => Daemon.Listening[0];

    public async Task InitializeAsync()
    {
        _home = await TemporaryHome.CreateAsync();
        _ = await _home.DoAsync("put", "canary-node-7d1f", "field=" + Value);
        _daemon = await Daemon.StartAsync(_home, "--listen", "tcp://127.0.0.1:0");
        Port = new Uri(_daemon.Listening[0]).Port;
    }

    /// <summary>Makes a ticket.</summary>
    public async Task<Ticket> InviteAsync(string role = "writer") => Ticket.Parse(await Home.DoAsync("invite", "--role", role));

    /// <summary>All that shows, as text.</summary>
    public Task<string> StateAsync() => Home.DoAsync("state");

    /// <summary>The most memory that the process ever held, in bytes.</summary>
    public async Task<long> PeakBytesAsync()
    {
        var lines = await File.ReadAllLinesAsync($"/proc/{Daemon.Id}/status");
        var peak = lines.Single(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
    }

    public async Task DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        _home?.Dispose();
    }
}
