using System.Net.Sockets;
using System.Text;
using Replica.PeerCli.Daemon;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Daemons;

/// <summary>What the daemon tells a service manager.</summary>
public sealed class ServiceTests
{
    [Fact]
    public async Task It_says_that_it_is_ready_gives_signs_of_life_and_says_that_it_stops()
    {
        using var home = await TemporaryHome.CreateAsync();
        using var manager = new Manager(Path.Combine(home.Root, "notify"));
        using var process = ReplicaProcess.Start(
            ["--dir", home.Path, "run", "--listen", "tcp://127.0.0.1:0"], null,
            ("NOTIFY_SOCKET", manager.Path), ("WATCHDOG_USEC", "200000"));
        _ = process.StandardError.ReadToEndAsync();

        var ready = await manager.NextAsync();
        var (first, second) = (await manager.NextAsync(), await manager.NextAsync());
        await ReplicaProcess.SignalAsync(process, "TERM");
        var last = await manager.LastAsync();
        await process.WaitForExitAsync().WaitAsync(ReplicaProcess.Limit);

        Assert.StartsWith("READY=1\nSTATUS=listening on tcp://127.0.0.1:", ready);
        Assert.Equal("WATCHDOG=1", first);
        Assert.Equal("WATCHDOG=1", second);
        Assert.StartsWith("STOPPING=1\n", last);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task A_manager_that_is_not_there_is_no_reason_not_to_run()
    {
        using var home = await TemporaryHome.CreateAsync();
        using var process = ReplicaProcess.Start(
            ["--dir", home.Path, "run", "--listen", "tcp://127.0.0.1:0"], null, ("NOTIFY_SOCKET", Path.Combine(home.Root, "nobody")));
        _ = process.StandardError.ReadToEndAsync();

        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(ReplicaProcess.Limit);
        await ReplicaProcess.SignalAsync(process, "INT");
        await process.WaitForExitAsync().WaitAsync(ReplicaProcess.Limit);

        Assert.StartsWith("ready: ", line);
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData("60000000", null, 30)]
    [InlineData("60000000", "7", 30)]
    [InlineData("60000000", "8", null)]
    [InlineData("0", null, null)]
    [InlineData("soon", null, null)]
    [InlineData(null, null, null)]
    public void Signs_of_life_are_due_twice_in_the_time_given_if_they_are_wanted_of_this_process(string? wanted, string? of, int? seconds)
    {
        var notifier = new ServiceNotifier(
            name => name switch { "NOTIFY_SOCKET" => "/nowhere", "WATCHDOG_USEC" => wanted, "WATCHDOG_PID" => of, _ => null }, processId: 7);

        Assert.Equal(seconds is { } some ? TimeSpan.FromSeconds(some) : null, notifier.WatchdogPeriod);
    }

    private sealed class Manager : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        private readonly byte[] _buffer = new byte[4096];

        public Manager(string path)
        {
            Path = path;
            _socket.Bind(new UnixDomainSocketEndPoint(path));
        }

        public string Path { get; }

        public async Task<string> NextAsync()
        {
            var length = await _socket.ReceiveAsync(_buffer).WaitAsync(ReplicaProcess.Limit);
            return Encoding.UTF8.GetString(_buffer, 0, length);
        }

        /// <summary>The next one that is no sign of life.</summary>
        public async Task<string> LastAsync()
        {
            string text;
            do
            {
                text = await NextAsync();
            }
            while (text == "WATCHDOG=1");

            return text;
        }

        public void Dispose() => _socket.Dispose();
    }
}
