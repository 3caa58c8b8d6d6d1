using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Replica.Transport;
using Replica.Transport.Dialing;
using Replica.Transport.Noise;

namespace Replica.Peer.Net;

/// <summary>Carries out what the dial machine decides, and tells it how dials and sessions fared. Any thread may call.</summary>
/// <param name="dial">Opens a session at an address and runs it to its end.</param>
/// <param name="book">Where addresses that led to a device are kept; null for nowhere.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where it is said what can't be reached.</param>
internal sealed class PeerDialer(
    Func<PeerAddress, CancellationToken, Task> dial, AddressBook? book, TimeProvider time, ILogger log)
{
    private const int Resolution = 1 << 24;

    private readonly DialMachine _machine = new(
        new DialOptions(), static () => RandomNumberGenerator.GetInt32(Resolution) / (double)Resolution);

    private readonly Dictionary<PeerAddress, CancellationTokenSource> _attempts = [];
    private readonly TaskSet _tasks = new();
    private readonly Lock _gate = new();
    private readonly long _startedAt = time.GetTimestamp();
    private readonly WakeSignal _wake = new(time);

    private bool _isPaused;

    /// <summary>The addresses that have no session, as the status shows them.</summary>
    public IReadOnlyList<PeerStatus> Waiting
    {
        get
        {
            lock (_gate)
            {
                var now = Now;
                return
                [
                    .. _machine.Waiting.Select(one => new PeerStatus(
                        one.Address.ToString(), one.Device?.ToString(),
                        _isPaused ? "paused" : one.IsDialling ? "connecting" : "waiting", one.Detail, [], 0, 0, null)
                    {
                        RetryIn = !_isPaused && one.NextAt is { } at ? TimeSpan.FromTicks(Math.Max(0, (at - now).Ticks)) : null,
                    }),
                ];
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_startedAt);

    /// <summary>Learns an address.</summary>
    public void Add(PeerAddress address, CandidateKind kind, DeviceKey? device) => Tell(() => _machine.Add(address, kind, device, Now));

    /// <summary>Learns another address of the device behind a known one.</summary>
    public void AddBeside(PeerAddress address, CandidateKind kind, PeerAddress beside) =>
        Tell(() => _machine.AddBeside(address, kind, beside, Now));

    /// <summary>Learns addresses that lead to one device, whichever it is.</summary>
    public void AddTogether(IReadOnlyList<PeerAddress> addresses, CandidateKind kind) =>
        Tell(() => _machine.AddTogether(addresses, kind, Now));

    /// <summary>Forgets an address that was learned in this way.</summary>
    public void Remove(PeerAddress address, CandidateKind kind) => Tell(() => _machine.Remove(address, kind));

    /// <summary>Tries everything at once: the network changed, or dials are allowed again.</summary>
    public void Hurry() => Tell(() => _machine.OnNetworkChanged(Now));

    /// <summary>Lets no dial begin, or lets them again.</summary>
    public void SetPaused(bool isPaused) => Tell(() => _isPaused = isPaused);

    /// <summary>A session knows who is at the other end.</summary>
    public void OnOpened(PeerSession session) => Tell(() =>
    {
        if (session.Dialled is { } address)
        {
            // From here on it is a session, which only the rule of duplicates ends.
            _ = _attempts.Remove(address);
        }

        _machine.OnSession(session.Device, session.Dialled, !session.IsRelayed, Now);
    });

    /// <summary>A space was opened with a peer: the address that led there is worth keeping.</summary>
    public void OnUseful(PeerSession session)
    {
        if (session.Dialled is { } address)
        {
            book?.Record(session.Device, address, time.GetUtcNow());
        }
    }

    /// <summary>A session that was opened ended.</summary>
    public void OnEnded(PeerSession session) => Tell(() =>
        _machine.OnEnded(session.Device, session.Dialled, !session.IsRelayed, session.WasAdmitted, Now, session.EndText));

    /// <summary>A dial, or a session that this side dialled, came to nothing before it was known who is there.</summary>
    public void OnFailed(PeerAddress address, string detail)
    {
        var isNews = false;
        Tell(() => isNews = _machine.OnFailed(address, detail, Now));
        if (isNews && detail.Length > 0)
        {
            // Said once, not at every try.
            PeerLog.Unreachable(log, address, detail);
        }
    }

    /// <summary>A dial led back to this process.</summary>
    public void OnLoop(PeerAddress address) => Tell(() => _machine.OnLoop(address, Now));

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var (device, address) in book?.Load() ?? [])
        {
            Add(address, CandidateKind.LastGood, device);
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            var pause = Step(cancellationToken) is { } at ? TimeSpan.FromTicks(Math.Max(0, (at - Now).Ticks)) : Timeout.InfiniteTimeSpan;
            _ = await _wake.PauseAsync(pause, cancellationToken);
        }

        await _tasks.DrainAsync();
    }

    /// <returns>When there is something to do again.</returns>
    private TimeSpan? Step(CancellationToken cancellationToken)
    {
        DialStep step;
        var cancelled = new List<CancellationTokenSource>();
        lock (_gate)
        {
            if (_isPaused)
            {
                return null;
            }

            step = _machine.Advance(Now);
            foreach (var address in step.Cancel)
            {
                if (_attempts.Remove(address, out var attempt))
                {
                    cancelled.Add(attempt);
                }
            }
        }

        cancelled.ForEach(static attempt => attempt.Cancel());
        foreach (var address in step.Dial)
        {
            _tasks.Add(AttemptAsync(address, cancellationToken));
        }

        return step.NextAt;
    }

    private async Task AttemptAsync(PeerAddress address, CancellationToken cancellationToken)
    {
        // Not disposed: whoever cancels may hold it still, and it has no timer.
        var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        lock (_gate)
        {
            _attempts[address] = attempt;
        }

        try
        {
            await dial(address, attempt.Token);
        }
        catch (Exception fault) when (fault is TransportException or HandshakeException or SecureSessionException or OperationCanceledException)
        {
            OnFailed(address, fault switch
            {
                OperationCanceledException => "",
                HandshakeException { Failure: HandshakeFailure.NotAReplica } =>
                    $"What answers there is no Replica peer: check the address. {fault.Message}",
                _ => fault.Message,
            });
        }
        catch (Exception fault)
        {
            // Whatever it is, the address is dialled again.
            PeerLog.SessionFailed(log, fault, address, fault.GetType().Name, fault.Message);
            OnFailed(address, "a fault of this program");
        }
        finally
        {
            lock (_gate)
            {
                if (_attempts.TryGetValue(address, out var current) && current == attempt)
                {
                    _ = _attempts.Remove(address);
                }
            }
        }
    }

    private void Tell(Action act)
    {
        lock (_gate)
        {
            act();
        }

        _wake.Wake();
    }
}
