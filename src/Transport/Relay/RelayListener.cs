using System.Security.Cryptography;
using Replica.Transport.Crypto;
using Replica.Transport.Links;

namespace Replica.Transport.Relay;

/// <summary>Lets this device be dialled at a relay, and comes back whenever the relay was lost.</summary>
public sealed class RelayListener : IListener
{
    private const int WaitingMax = 64;
    private const int AcceptsMax = 16;
    private static readonly TimeSpan RetryMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(30);

    private readonly RelayDialer _dialer;
    private readonly PeerAddress.RelayRoute _route;
    private readonly DeviceKeyPair _key;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly AcceptQueue _waiting = new(WaitingMax);
    private readonly WakeSignal _wake;
    private readonly SemaphoreSlim _accepts = new(AcceptsMax);
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _accepting = [];
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RelayAttendance? _attendance;
    private RelayStatus _status;
    private ClockMark? _loggedIn;
    private Task _running = Task.CompletedTask;
    private int _disposed;

    private RelayListener(RelayDialer dialer, PeerAddress.RelayRoute relay, TimeProvider time)
    {
        _dialer = dialer;
        _time = time;
        _wake = new(time);
        _key = dialer.RoutingKey(relay);
        _route = relay.To(_key.PublicKey);
        _status = new(_route.Relay, _key.PublicKey, false, false, null, TimeSpan.Zero, null);
    }

    /// <inheritdoc/>
    public PeerAddress Address => _route;

    /// <summary>The relay as it is dialled.</summary>
    public string Authority => _route.Authority;

    /// <summary>How it stands with the relay.</summary>
    public RelayStatus Status
    {
        get
        {
            lock (_gate)
            {
                return _status with
                {
                    Latency = _attendance?.Latency ?? _status.Latency,
                    ClockAhead = _status.ClockAhead + (_loggedIn?.SetBack ?? TimeSpan.Zero),
                };
            }
        }
    }

    /// <summary>Ends when the device can be dialled there; a new one begins when the relay is lost.</summary>
    public Task Connected
    {
        get
        {
            lock (_gate)
            {
                return _connected.Task;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<IConnection?> AcceptAsync(CancellationToken cancellationToken) => _waiting.AcceptAsync(cancellationToken);

    /// <summary>Looks whether the relay is still there, or tries at once instead of waiting on; for when the network has changed.</summary>
    public void Wake()
    {
        RelayAttendance? attendance;
        lock (_gate)
        {
            attendance = _attendance;
        }

        attendance?.Probe();
        _wake.Wake();
    }

    /// <summary>Leaves word under a tag.</summary>
    /// <returns>Whether the relay keeps it.</returns>
    /// <exception cref="TransportException">The relay is not there.</exception>
    public async Task<bool> AnnounceAsync(
        ReadOnlyMemory<byte> tag, TimeSpan lifetime, ReadOnlyMemory<byte> isSealed, CancellationToken cancellationToken) =>
        await Attendance().AskAsync(new RelayFrame.Announce(tag, (int)lifetime.TotalSeconds, isSealed), cancellationToken) is RelayFrame.Announced;

    /// <summary>Asks who left word under a tag.</summary>
    /// <exception cref="TransportException">The relay is not there.</exception>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> LookupAsync(ReadOnlyMemory<byte> tag, CancellationToken cancellationToken) =>
        await Attendance().AskAsync(new RelayFrame.Lookup(tag), cancellationToken) is RelayFrame.Found found ? found.Entries : [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _running;
        Task[] accepting;
        lock (_gate)
        {
            accepting = [.. _accepting];
        }

        await Task.WhenAll(accepting);
        await _waiting.DisposeAsync();
        _key.Dispose();
        _accepts.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Begins to listen.</summary>
    internal static RelayListener Start(RelayDialer dialer, PeerAddress.RelayRoute relay, TimeProvider time)
    {
        var listener = new RelayListener(dialer, relay, time);
        listener._running = listener.RunAsync();
        return listener;
    }

    private RelayAttendance Attendance()
    {
        lock (_gate)
        {
            return _attendance ?? throw new TransportException(
                TransportFailure.Unreachable, $"There is no connection to the relay {_route.Relay}: {_status.Problem ?? "not yet"}");
        }
    }

    private async Task RunAsync()
    {
        var failures = 0;
        while (!_stopping.IsCancellationRequested)
        {
            var pause = TimeSpan.Zero;
            try
            {
                pause = await AttendAsync();
                failures = 0;
            }
            catch (TransportException fault)
            {
                SetProblem(fault.Message);
                failures++;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var ceiling = Math.Min(RetryMax.TotalMilliseconds, RetryMin.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 10)));
            _ = await _wake.PauseAsync(pause + TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32((int)ceiling) + 1), _stopping.Token);
        }
    }

    /// <summary>Logs in and listens until the relay is lost.</summary>
    /// <returns>How long the relay wants to be left alone.</returns>
    private async Task<TimeSpan> AttendAsync()
    {
        var (link, ahead, isPolling) = await _dialer.LogInAsync(_route, _key, _stopping.Token);
        await using var attendance = new RelayAttendance(link, _route, _time);
        try
        {
            return await attendance.RunAsync(() => SetConnected(attendance, ahead, isPolling), OnIncoming, _stopping.Token);
        }
        finally
        {
            lock (_gate)
            {
                _attendance = null;
                _status = _status with { IsConnected = false, Latency = null };
                if (_connected.Task.IsCompleted)
                {
                    _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }
    }

    private void SetConnected(RelayAttendance attendance, TimeSpan ahead, bool isPolling)
    {
        lock (_gate)
        {
            _attendance = attendance;
            _loggedIn = new(_time);
            _status = _status with { IsConnected = true, IsPolling = isPolling, ClockAhead = ahead, Problem = null };
            _ = _connected.TrySetResult();
        }
    }

    private void SetProblem(string text)
    {
        lock (_gate)
        {
            _status = _status with { Problem = text };
        }
    }

    private void OnIncoming(RelayFrame.Incoming incoming)
    {
        // Who comes when all hands are full is not answered: the relay tells the dialler that this device is busy.
        if (_accepts.Wait(0, CancellationToken.None))
        {
            var task = AcceptAsync(incoming);
            lock (_gate)
            {
                _ = _accepting.RemoveWhere(static done => done.IsCompleted);
                _ = _accepting.Add(task);
            }
        }
    }

    private async Task AcceptAsync(RelayFrame.Incoming incoming)
    {
        try
        {
            var (link, _, _) = await _dialer.LogInAsync(_route, _key, _stopping.Token);
            await _dialer.OpenTunnelAsync(link, _route, new RelayFrame.Accept(incoming.Ticket), _stopping.Token);
            var connection = LinkConnection.Start(link, _route.To(incoming.RoutingKey), _route.ToString(), _time);
            _ = await _waiting.OfferAsync(connection);
        }
        catch (Exception fault) when (fault is TransportException or OperationCanceledException)
        {
            // The dialler gave up, or the relay is gone; who wants in dials again.
        }
        finally
        {
            _ = _accepts.Release();
        }
    }
}
