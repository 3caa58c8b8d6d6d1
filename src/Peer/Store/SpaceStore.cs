using System.Threading.Channels;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;

namespace Replica.Peer.Store;

/// <summary>A space at rest with its one writer. Any thread may call; what is queued together commits together.</summary>
internal sealed partial class SpaceStore : IAsyncDisposable
{
    /// <summary>How many requests wait for the writer; further callers wait to get in.</summary>
    private const int QueueMax = 1024;

    /// <summary>How many requests one commit takes; more would only make each wait longer.</summary>
    private const int GroupMax = 256;

    private readonly IStoreEngine _engine;
    private readonly SpaceLedger _ledger;
    private readonly SpaceStoreOptions _options;
    private readonly Channel<WriteRequest> _queue = Channel.CreateBounded<WriteRequest>(
        new BoundedChannelOptions(QueueMax) { SingleReader = true });

    private readonly FlushTimer _flush;
    private readonly CommitMeter _meter;
    private readonly Task _writer;
    private readonly IncarnationGuard? _guard;
    private DurableState _durable;
    private volatile int _bodyThread;
    private bool _isStale;
    private bool _mustReopen;

    /// <summary>Starts the writer.</summary>
    /// <param name="engine">Where the space rests; owned from here on.</param>
    /// <param name="identity">Who writes.</param>
    /// <param name="options">Name, clock and chance.</param>
    public SpaceStore(IStoreEngine engine, LedgerIdentity identity, SpaceStoreOptions options)
    {
        _engine = engine;
        _options = options;
        _ledger = new(engine, identity);
        _durable = new([], 0, null);
        Durability = options.Durability ?? engine.Durability;
        _engine.IsSynced = Durability == Durability.Full;
        _flush = new(options.Time, Wake);
        _meter = new(options.Telemetry, options.Time);
        Space = _ledger.Space;
        _guard = options.Place is { } place ? new(place, Durability == Durability.Full, _ledger, Now()) : null;
        FlushAtStart();
        _writer = WriteAllAsync();
    }

    /// <summary>The name of the space; nothing before it is founded or joined.</summary>
    public SpaceId? Space { get; private set; }

    /// <summary>When local writes are acknowledged.</summary>
    public Durability Durability { get; private set; }

    /// <summary>All durable positions, ascending. The array is never changed.</summary>
    public IReadOnlyList<Position> Durable => Volatile.Read(ref _durable).Positions;

    /// <summary>The arrival number of the last change that is on disk. At least that of <see cref="Durable"/> read before.</summary>
    public long DurableArrival => Volatile.Read(ref _durable).LastArrival;

    /// <summary>How many requests wait for the writer.</summary>
    public int Waiting => _queue.Reader.Count;

    /// <summary>Founds the space in an empty store.</summary>
    public Task<SpaceId> FoundAsync(Durability durability, CancellationToken cancellationToken) => RunAsync(
        ledger =>
        {
            var space = ledger.Found(_options.DisplayName, _options.DrawNonce(), Now());
            _meter.OnLocal();
            Set(durability);
            return space;
        },
        cancellationToken,
        isOnDisk: true);

    /// <summary>Names the space of an empty store that will receive it from a peer.</summary>
    public Task<SpaceId> JoinAsync(SpaceId space, Durability durability, CancellationToken cancellationToken) => RunAsync(
        ledger =>
        {
            ledger.Join(space);
            Set(durability);
            return space;
        },
        cancellationToken,
        isOnDisk: true);

    /// <summary>Waits until all that was written before is on disk.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => RunAsync(static _ => true, cancellationToken, isOnDisk: true);

    /// <summary>Runs a local transaction on the writer and waits until it is acknowledged, as <see cref="Durability"/> says.</summary>
    /// <param name="body">Adds operations; runs on the writer, so it must be quick and touch nothing else.</param>
    /// <param name="cancellationToken">Gives up waiting for a place; once at the writer, the transaction is carried out.</param>
    /// <returns>The result of <paramref name="body"/>, and the change it became, if any.</returns>
    public Task<(T Result, Change? Change)> WriteAsync<T>(Func<ITransaction, T> body, CancellationToken cancellationToken) => RunAsync(
        ledger =>
        {
            _guard?.BeforeWrite(ledger, Now());

            // A log is opened once; every later write would draw a nonce for nothing.
            var nonce = ledger.OwnBranch is null ? _options.DrawNonce() : default;
            _bodyThread = Environment.CurrentManagedThreadId;
            try
            {
                var result = ledger.Transact(body, (_options.DisplayName, nonce), Now(), out var change);
                if (change is not null)
                {
                    _meter.OnLocal();
                }

                return (result, change);
            }
            finally
            {
                _bodyThread = 0;
            }
        },
        cancellationToken,
        isIsolated: true);

    /// <summary>Applies runs that came from a peer and waits until they are on disk: the peer is told so.</summary>
    public Task<ApplyReport> ApplyAsync(IReadOnlyList<SignedRun> runs, CancellationToken cancellationToken)
    {
        var request = new WriteRequest<RunResult[]>(ledger => RunBatch.Apply(ledger, runs, Now), isIsolated: false, isOnDisk: true);
        return SendAsync(request, results => new ApplyReport(results, Durable), cancellationToken);
    }

    /// <summary>Reads a page of runs that are about to be sent to a peer.</summary>
    /// <exception cref="StoreException">They can't be read, or it can't be kept on disk that they leave.</exception>
    public RunPage ReadRuns(RunQuery query)
    {
        // Readers see what is committed; what goes out must be on disk as well, or a power cut could make two histories.
        var durable = Volatile.Read(ref _durable);
        using var reader = _engine.OpenReader();
        var page = reader.ReadRuns(query with { ThroughArrival = durable.LastArrival });
        _guard?.BeforeSend(page.Runs, durable.Own);
        return page;
    }

    /// <summary>Finds places that a peer spoke of, after all that was queued before.</summary>
    public Task<PlaceReport> LocateAsync(PlaceQuery query, CancellationToken cancellationToken) =>
        RunAsync(ledger => ledger.Places.Locate(query, Now()), cancellationToken);

    /// <summary>Asks the ledger something on the writer, after all that was queued before.</summary>
    public Task<T> QueryAsync<T>(Func<SpaceLedger, T> query, CancellationToken cancellationToken) => RunAsync(query, cancellationToken);

    /// <summary>A snapshot of what is committed. Any thread; dispose it soon.</summary>
    public IStoreReader OpenReader() => _engine.OpenReader();

    /// <summary>Finishes what is queued, then closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_queue.Writer.TryComplete())
        {
            EndWatches();
            await _writer;
            await _flush.DisposeAsync();
            _engine.Dispose();
            _guard?.Close();
        }
    }

    /// <summary>Keeps what a new space is set to; what the home was opened with goes before it.</summary>
    private void Set(Durability durability)
    {
        _engine.SaveDurability(durability);
        Durability = _options.Durability ?? durability;
        _guard?.SetFull(Durability == Durability.Full);
    }

    private bool IsWatched
    {
        get
        {
            lock (_gate)
            {
                return _watchers.Count > 0;
            }
        }
    }

    private long Now() => _options.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private Task<T> RunAsync<T>(Func<SpaceLedger, T> body, CancellationToken cancellationToken, bool isIsolated = false, bool isOnDisk = false) =>
        SendAsync(new WriteRequest<T>(body, isIsolated, isOnDisk), static result => result, cancellationToken);

    private async Task<TResult> SendAsync<T, TResult>(
        WriteRequest<T> request, Func<T, TResult> select, CancellationToken cancellationToken)
    {
        if (_bodyThread == Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException(
                "A transaction's body asked the space for something that would wait for the transaction itself: use what the body is given.");
        }

        try
        {
            await _queue.Writer.WriteAsync(request, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new StoreException(StoreFault.Closed, "The space is closed: open it again.");
        }

        return select(await request.Completion);
    }

    private async Task WriteAllAsync()
    {
        var group = new List<WriteRequest>(GroupMax);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (group.Count < GroupMax && _queue.Reader.TryRead(out var request))
            {
                group.Add(request);
            }

            CommitGroup(group);
            group.Clear();
        }

        // The last writes before the end wait for no timer.
        if (_flush.IsPending)
        {
            Flush([]);
        }
    }

    private void CommitGroup(List<WriteRequest> group)
    {
        try
        {
            if (_isStale)
            {
                Reload();
            }

            _engine.IsSynced = Durability == Durability.Full;
            _meter.Begin(_ledger.LastStored);
            _ledger.Begin();
            foreach (var request in group)
            {
                request.Execute(_ledger);
            }

            _ledger.Commit();
        }
        catch (Exception fault)
        {
            GiveUp(group, fault);
            return;
        }

        Space = _ledger.Space;
        _meter.End(_ledger.LastStored);
        if (_engine.IsSynced && !_flush.IsPending)
        {
            Publish();
            group.ForEach(static request => request.Complete());
            _guard?.AfterCommit(_durable.Own, IsWatched);
            return;
        }

        _flush.Start();
        var isSynced = _engine.IsSynced;
        var waiting = group.FindAll(request => isSynced || request.IsOnDisk);
        group.FindAll(request => !isSynced && !request.IsOnDisk).ForEach(static request => request.Complete());
        if (waiting.Count > 0 || _flush.IsDue)
        {
            Flush(waiting);
        }
    }

    /// <summary>Puts on disk what was committed without waiting, and answers those who wait for it.</summary>
    private void Flush(List<WriteRequest> waiting)
    {
        try
        {
            _engine.Flush();
            _flush.Clear();
        }
        catch (Exception fault)
        {
            _flush.Retry();
            GiveUp(waiting, fault);
            return;
        }

        Publish();
        waiting.ForEach(static request => request.Complete());
    }

    /// <summary>After a failed commit nothing in memory is trusted: all is read again before a number is used anew.</summary>
    private void GiveUp(List<WriteRequest> group, Exception fault)
    {
        var before = _ledger.LastStored;
        _isStale = true;
        // A commit that found no room wrote no end of its transaction; after any other fault only the disk knows.
        _mustReopen |= fault is StoreException { IsInCommit: true, Fault: not StoreFault.DiskFull };
        try
        {
            Reload();
        }
        catch (Exception)
        {
            // Whatever it was, the writer lives on: the next group opens and reads anew first, and callers learn of the first fault.
            _mustReopen = true;
            _flush.Retry();
        }

        var told = Tell(fault, before);
        foreach (var request in group)
        {
            request.Fail(told);
        }
    }

    /// <summary>What callers are told: a full disk is one when nothing was kept; after another fault of a commit only reading helps.</summary>
    private Exception Tell(Exception fault, long before)
    {
        if (fault is not StoreException { IsInCommit: true } store
            || (store.Fault == StoreFault.DiskFull && !_isStale && _ledger.LastArrival == before))
        {
            return fault;
        }

        var finding = _isStale ? "It could not be read again yet"
            : _ledger.LastArrival == before ? "Read again, it is not there"
            : "Read again, it is there";
        return new StoreException(
            StoreFault.OutcomeUnknown,
            $"Whether the last write was kept is not certain. {finding}: look before you write it once more. {store.Message}",
            store);
    }

    private void Reload()
    {
        if (_mustReopen)
        {
            // All that is read then is on disk.
            _ledger.Reopen();
            _mustReopen = false;
            _flush.Clear();
            Publish();
        }
        else
        {
            _ledger.Rollback();
        }

        _isStale = false;
        Space = _ledger.Space;
        if (_ledger.LastArrival > _durable.LastArrival)
        {
            // Something took effect and is not known to be on disk: this commit though it failed, or one before.
            _flush.Retry();
        }
    }

    /// <summary>
    /// A process that died may have left a commit that is not on disk, and another process sees it all the same. Sent to a
    /// peer and then lost in a power cut, it would become two histories.
    /// </summary>
    private void FlushAtStart()
    {
        if (_ledger.LastArrival == 0)
        {
            return;
        }

        try
        {
            _engine.Flush();
            _durable = new(_ledger.Positions(), _ledger.LastArrival, _ledger.OwnLog?.Position);
        }
        catch (StoreException)
        {
            // A full or read-only disk: what is there can be read, and goes out once it can be put on disk.
            _flush.Retry();
        }
    }

    /// <summary>The timer's call: the writer looks after every group, so one that does not get in is not missed.</summary>
    private void Wake() => _queue.Writer.TryWrite(new WriteRequest<bool>(static _ => true, isIsolated: false, isOnDisk: false));

    private void Publish()
    {
        var positions = _ledger.Positions();
        if (positions.AsSpan().SequenceEqual(_durable.Positions))
        {
            return;
        }

        Volatile.Write(ref _durable, new(positions, _ledger.LastArrival, _ledger.OwnLog?.Position));
        CallWatchers();
    }
}
