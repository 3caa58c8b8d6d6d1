using Replica.Peer.Net;
using Replica.Peer.Sync;
using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Memory;
using Replica.Transport.Noise;
using Xunit;

namespace Replica.Tests.Properties.Net;

/// <summary>Faults that nobody foresaw: they end what they are in, are told to the operator, and stop nothing else.</summary>
public sealed class NetworkFaultTests : IDisposable
{
    private const int Connected = 1;
    private const int SessionFailed = 12;
    private const int AcceptFailed = 13;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly PeerAddress Address = PeerAddress.Parse("memory:a");

    private readonly MemoryTransport _transport = new();
    private readonly DeviceKeyPair _one = DeviceKeyPair.Create();
    private readonly DeviceKeyPair _two = DeviceKeyPair.Create();
    private readonly NoiseStaticKey _static = NoiseStaticKey.Create();
    private readonly RecordedLog _log = new();

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
        _static.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task A_failed_accept_keeps_no_later_peer_out()
    {
        var transport = new FaultyTransport(_transport) { AcceptsToFail = 1 };
        await using var listening = new PeerNetwork(_one, [transport], TimeProvider.System, _log);
        await using var dialling = new PeerNetwork(_two, [_transport], TimeProvider.System, new RecordedLog());

        _ = await listening.ListenAsync(Address, default);
        dialling.Connect(Address);

        await _log.Logged(AcceptFailed).WaitAsync(Patience);
        await _log.Logged(Connected).WaitAsync(Patience);
    }

    [Fact]
    public async Task A_dial_that_fails_as_nobody_foresaw_is_tried_again()
    {
        var transport = new FaultyTransport(_transport) { DialsToFail = 1 };
        await using var listening = new PeerNetwork(_one, [_transport], TimeProvider.System, new RecordedLog());
        await using var dialling = new PeerNetwork(_two, [transport], TimeProvider.System, _log);

        _ = await listening.ListenAsync(Address, default);
        dialling.Connect(Address);

        await _log.Logged(SessionFailed).WaitAsync(Patience);
        await _log.Logged(Connected).WaitAsync(Patience);
    }

    [Fact]
    public async Task Many_sessions_between_two_processes_at_one_moment_come_down_to_one()
    {
        // Each says hello while the others do, and each looks at the others: a lock taken in turn would stop them all.
        for (var round = 0; round < 10; round++)
        {
            await using var listening = new PeerNetwork(_one, [_transport], TimeProvider.System, new RecordedLog());
            await using var dialling = new PeerNetwork(_two, [_transport], TimeProvider.System, new RecordedLog());
            var addresses = Enumerable.Range(0, 16).Select(i => PeerAddress.Parse($"memory:round-{round}-{i}")).ToArray();
            foreach (var address in addresses)
            {
                _ = await listening.ListenAsync(address, default);
            }

            Array.ForEach(addresses, address => dialling.Connect(address));

            await UntilAsync(() => Count(listening) == 1 && Count(dialling) == 1);
        }

        static int Count(PeerNetwork network) => network.GetPeers().Count(static one => one.State == "connected");
    }

    [Fact]
    public async Task A_fault_in_a_task_of_a_session_ends_the_session_and_is_told()
    {
        await using var network = new PeerNetwork(_one, [_transport], TimeProvider.System, _log);
        await using var session = await OpenAsync(network);
        var run = session.RunAsync(default);

        await session.Guard.WatchAsync(Task.FromException(new InvalidTimeZoneException("a bug")));

        Assert.False(await run.WaitAsync(Patience));
        await _log.Logged(SessionFailed).WaitAsync(Patience);
    }

    [Fact]
    public async Task A_timer_that_fails_ends_the_session_and_not_the_process()
    {
        await using var network = new PeerNetwork(_one, [_transport], TimeProvider.System, _log);
        await using var session = await OpenAsync(network);
        var run = session.RunAsync(default);

        session.Guard.Try(static () => throw new InvalidTimeZoneException("a bug"));

        Assert.False(await run.WaitAsync(Patience));
    }

    [Fact]
    public async Task Who_comes_too_late_to_a_session_that_is_over_does_no_harm()
    {
        await using var network = new PeerNetwork(_one, [_transport], TimeProvider.System, _log);
        var session = await OpenAsync(network);
        await session.DisposeAsync();
        var wasDone = false;

        session.End(GoAwayReason.Duplicate, "too late");
        session.EndNow(GoAwayReason.Stalled, "too late");
        session.Guard.Try(() => wasDone = true);

        Assert.False(wasDone);
    }

    [Fact]
    public async Task Tasks_that_failed_are_not_kept()
    {
        var tasks = new TaskSet();
        tasks.Add(Task.FromException(new InvalidTimeZoneException("a bug")));
        tasks.Add(Task.CompletedTask);

        await tasks.DrainAsync();
    }

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        using var end = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        // On another thread: what is looked at may stand still itself.
        while (!await Task.Run(isTrue, end.Token).WaitAsync(end.Token))
        {
            _ = await look.WaitForNextTickAsync(end.Token);
        }
    }

    private async Task<PeerSession> OpenAsync(PeerNetwork network)
    {
        await using var listener = await _transport.ListenAsync(Address, default);
        var near = await _transport.ConnectAsync(Address, default);
        var far = await listener.AcceptAsync(default);
        var answer = SecureHandshake.RespondAsync(far!, _two, _static, TimeProvider.System, default);
        var secure = await SecureHandshake.InitiateAsync(near, _one, _static, null, TimeProvider.System, default);
        _ = await answer;
        return new PeerSession(network, secure, null, _log);
    }
}
