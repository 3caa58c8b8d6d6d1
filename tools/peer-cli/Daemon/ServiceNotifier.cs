using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Replica.PeerCli.Daemon;

/// <summary>Tells the service manager how the daemon is: one datagram each to the socket that it named; nothing if it named none.</summary>
/// <remarks>The protocol is that of <c>sd_notify(3)</c>: lines of <c>NAME=value</c>.</remarks>
internal sealed class ServiceNotifier
{
    private const string Ready = "READY=1";
    private const string Stopping = "STOPPING=1";
    private const string Alive = "WATCHDOG=1";
    private const int StatusCharsMax = 512;

    private readonly string? _socketPath;

    /// <summary>Looks at what the service manager set in the environment.</summary>
    /// <param name="variable">Reads a variable of the environment.</param>
    /// <param name="processId">This process, which the watchdog may be meant for or not.</param>
    public ServiceNotifier(Func<string, string?> variable, int processId)
    {
        _socketPath = variable("NOTIFY_SOCKET") is { Length: > 1 } path && path[0] is '/' or '@' ? path : null;
        var isMine = variable("WATCHDOG_PID") is not { Length: > 0 } id || id == processId.ToString(CultureInfo.InvariantCulture);
        if (_socketPath is not null && isMine && long.TryParse(
            variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0)
        {
            // Half of it, as the manual says: one sign of life that comes late does no harm.
            WatchdogPeriod = TimeSpan.FromMicroseconds(microseconds / 2.0);
        }
    }

    /// <summary>How often a sign of life is due; null if none is wanted.</summary>
    public TimeSpan? WatchdogPeriod { get; }

    /// <summary>The daemon serves, and this is what it does.</summary>
    public void SayReady(string status) => Send($"{Ready}\nSTATUS={OneLine(status)}");

    /// <summary>The daemon is about to end.</summary>
    public void SayStopping() => Send($"{Stopping}\nSTATUS=stopping");

    /// <summary>Gives signs of life for as long as <paramref name="isWell"/> says so within the period.</summary>
    public async Task KeepAliveAsync(Func<CancellationToken, Task<bool>> isWell, TimeProvider time, CancellationToken cancellationToken)
    {
        if (WatchdogPeriod is not { } period)
        {
            return;
        }

        try
        {
            using var timer = new PeriodicTimer(period, time);
            do
            {
                if (await isWell(cancellationToken))
                {
                    Send(Alive);
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The daemon ends.
        }
    }

    private static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length > StatusCharsMax ? line[..StatusCharsMax] : line;
    }

    private void Send(string message)
    {
        if (_socketPath is null)
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // A name in the abstract space begins with a zero byte, which is written as @.
            var endPoint = new UnixDomainSocketEndPoint(_socketPath[0] == '@' ? "\0" + _socketPath[1..] : _socketPath);
            _ = socket.SendTo(Encoding.UTF8.GetBytes(message), endPoint);
        }
        catch (SocketException)
        {
            // The manager is not there: the daemon does its work all the same.
        }
    }
}
