using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Membership;
using Replica.Peer.Net;
using Replica.Peer.Store;
using Replica.Transport;

namespace Replica.Peer.Host;

/// <summary>A space of a home: reads, writes, invitations. Any thread may call.</summary>
public sealed partial class ReplicaSpace
{
    private readonly NetSpace _space;
    private readonly ReplicaHome _home;

    internal ReplicaSpace(ReplicaHome home, NetSpace space)
    {
        _home = home;
        _space = space;
    }

    /// <summary>Its name in this home.</summary>
    public string Name => _space.Name;

    /// <summary>Its name everywhere.</summary>
    public SpaceId Id => _space.Id;

    /// <summary>All durable positions, ascending.</summary>
    internal IReadOnlyList<Position> Durable => _space.Store.Durable;

    /// <summary>Calls back whenever they grew; the callback must only signal.</summary>
    internal IDisposable WatchDurable(Action grown) => _space.Store.Watch(grown);

    /// <summary>Commits the mutations as one change, whole or not at all, and returns when it is acknowledged: see <see cref="Durability"/>.</summary>
    /// <param name="mutations">The steps, carried out in order; each sees those before it.</param>
    /// <param name="cancellationToken">Gives up waiting for the writer; once it has begun, the transaction is carried out.</param>
    /// <exception cref="ReplicaException">
    /// Something does not exist (<c>REPLICA_NOT_FOUND</c>), breaks a limit (<c>REPLICA_INVALID</c>,
    /// <c>REPLICA_TRANSACTION_TOO_LONG</c>), this device may not write (<c>REPLICA_NOT_ADMITTED</c>), or the store failed.
    /// </exception>
    public async Task<ChangeReceipt> WriteAsync(IReadOnlyList<Mutation> mutations, CancellationToken cancellationToken = default)
    {
        using var activity = _home.Telemetry.Start("replica.write");
        await _home.AwaitPeersAsync(_space, cancellationToken);
        var (count, change) = await Faults.TranslateAsync(_space.Store.WriteAsync(
            transaction => mutations.Sum(mutation => Mutations.Apply(transaction, mutation)), cancellationToken));
        return new(change?.Dot, change?.Time ?? default, count);
    }

    /// <summary>The node if it shows.</summary>
    public ValueTask<NodeSnapshot?> GetNodeAsync(string id, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Faults.Translate(() =>
        {
            using var reader = _space.Store.OpenReader();
            return reader.GetNode(id) is { } node ? Snapshots.Of(node, new(reader)) : null;
        }));
    }

    /// <summary>The nodes that show, from one snapshot. Enumerate to the end or dispose soon.</summary>
    public async IAsyncEnumerable<NodeSnapshot> ListNodesAsync(
        NodeFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var reader = Faults.Translate(_space.Store.OpenReader);
        var fields = new FieldReader(reader, filter.AreCountersTold);
        var from = Max(filter.Prefix, filter.After);
        var left = filter.Limit ?? int.MaxValue;
        foreach (var node in reader.ReadNodes(filter.Type, from))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (filter.Prefix is { } prefix && !node.Id.StartsWith(prefix, StringComparison.Ordinal))
            {
                // In order of ids: what follows begins otherwise as well.
                break;
            }

            if (node.Id == filter.After)
            {
                continue;
            }

            if (left-- <= 0)
            {
                break;
            }

            yield return Snapshots.Of(node, fields);
        }

        await ValueTask.CompletedTask;
    }

    /// <summary>The edges that show, from one snapshot. Enumerate to the end or dispose soon.</summary>
    public async IAsyncEnumerable<EdgeSnapshot> ListEdgesAsync(
        EdgeFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var reader = Faults.Translate(_space.Store.OpenReader);
        var fields = new FieldReader(reader, filter.AreCountersTold);
        var left = filter.Limit ?? int.MaxValue;
        foreach (var edge in reader.ReadEdges(filter.From, filter.To))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (filter.Relation is { } relation && edge.Edge.Relation != relation)
            {
                continue;
            }

            if (left-- <= 0)
            {
                break;
            }

            yield return Snapshots.Of(edge, fields);
        }

        await ValueTask.CompletedTask;
    }

    /// <summary>All conflicts, from one snapshot: what was written concurrently, with author, time and change. Enumerate to the end or dispose soon.</summary>
    /// <param name="limit">At most so many; null for all.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public async IAsyncEnumerable<Conflict> ListConflictsAsync(
        int? limit = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var reader = Faults.Translate(_space.Store.OpenReader);
        foreach (var conflict in new ConflictReader(reader).ReadAll().Take(limit ?? int.MaxValue))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return conflict;
        }

        await ValueTask.CompletedTask;
    }

    /// <summary>The conflicts of one node, with the to-one relations of the edges that leave it, or of one edge.</summary>
    public ValueTask<IReadOnlyList<Conflict>> GetConflictsAsync(Target target, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Faults.Translate(() =>
        {
            using var reader = _space.Store.OpenReader();
            return new ConflictReader(reader).Read(target);
        }));
    }

    /// <summary>The relations of which a node shows one edge only, by name.</summary>
    public ValueTask<IReadOnlyList<string>> ListToOneAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Faults.Translate(() =>
        {
            using var reader = _space.Store.OpenReader();
            return reader.ReadToOne();
        }));
    }

    /// <summary>The changes in this replica's order of application, from one snapshot.</summary>
    /// <param name="arrival">Where the last page ended; 0 for the start, <see cref="long.MaxValue"/> for the newest.</param>
    /// <param name="limit">At most so many; null for all.</param>
    /// <param name="isNewestFirst">Whether to go backwards.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public async IAsyncEnumerable<LogRecord> ReadLogAsync(
        long arrival, int? limit, bool isNewestFirst, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var names = await _space.Store.QueryAsync(
            static ledger => ledger.Logs.Select(static log => log.Name).ToArray(), cancellationToken);
        using var reader = Faults.Translate(_space.Store.OpenReader);
        foreach (var stored in reader.ReadLog(arrival, isNewestFirst).Take(limit ?? int.MaxValue))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = stored.Branch.Value < names.Length ? names[stored.Branch.Value] : "";
            yield return new(stored.Arrival, name, ChangeCodec.Decode(stored.Body));
        }
    }

    /// <summary>Writes all that shows as one canonical JSON document: equal replicas give equal bytes.</summary>
    /// <param name="output">Where it goes; flushed, not completed.</param>
    /// <param name="cancellationToken">Stops half-way.</param>
    public async Task WriteCanonicalStateAsync(PipeWriter output, CancellationToken cancellationToken = default)
    {
        using var reader = Faults.Translate(_space.Store.OpenReader);
        await CanonicalState.WriteAsync(reader, output, cancellationToken);
    }

    /// <summary>Makes an invitation and the ticket for it. The ticket is a secret: who has it may come in.</summary>
    /// <exception cref="ReplicaException">This device is no admin (<c>REPLICA_NOT_ADMIN</c>), or has no secret of the space yet.</exception>
    public async Task<IssuedInvitation> InviteAsync(InviteOptions options, CancellationToken cancellationToken = default)
    {
        if (_space.Secret is not { } secret)
        {
            throw new ReplicaException(
                NotAdmittedException.Code, "This device has not joined the space yet: connect it to a member first.");
        }

        // All that may be wrong is looked at first: an invitation without its ticket would be of no use to anybody.
        IReadOnlyList<string> hints = [.. options.Hints.Concat(_home.DialableAddresses()).Distinct().Take(Ticket.HintsMax)];
        CheckHints(options.Hints);

        var invitation = Invitation.Create();
        var expires = _home.Time.GetUtcNow() + options.Expires;
        var invite = new Operation.Invite(invitation.Key, options.Role, options.Uses, (ulong)expires.ToUnixTimeMilliseconds());
        using var ticket = Faults.Translate(() => Ticket.Create(Id, secret, invitation, _home.Device, hints));
        await _home.AwaitPeersAsync(_space, cancellationToken);
        _ = await Faults.TranslateAsync(_space.Store.WriteAsync(transaction => Invite(transaction, invite), cancellationToken));
        // The ticket leaves this computer: what it names must outlast a power cut.
        await _space.Store.FlushAsync(CancellationToken.None);
        return new(invitation.Key.ToString(), ticket.ToText());
    }

    /// <summary>The space as it is now.</summary>
    public async Task<SpaceStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        var (role, level, own, rows, ended) = await Faults.TranslateAsync(_space.Store.QueryAsync(
            static ledger => (ledger.RoleOf(ledger.Identity.Author), ledger.Level, ledger.OwnBranch, ledger.Logs.ToArray(), ledger.Ended),
            cancellationToken));
        var logs = rows.Select(log => new LogStatus(
            log.Log.ToString(), log.Author.ToString(), log.Name, log.Seq, log.Branch == own)).ToArray();
        var forks = ForkStatus.Of(rows);
        var incarnation = IncarnationStatus.Of(ended);
        var counts = Faults.Translate(() =>
        {
            using var reader = _space.Store.OpenReader();
            return reader.Count();
        });
        Array.Sort(logs, static (a, b) => string.CompareOrdinal(a.Log, b.Log));
        var isPending = _space is { Secret: null, Pending: not null };
        var failure = isPending ? _space.JoinFailure : null;
        return new(Name, Id.ToString(), role, isPending, failure, counts.Nodes, counts.Edges, counts.Changes, level, logs)
        {
            Durability = _space.Store.Durability,
            Forks = forks,
            Incarnation = incarnation,
            Sync = GetSyncProgress(),
            Notices =
            [
                .. _space is { Secret: null, Pending: null }
                    ? ["it has no keys here (restored without them, or the identity was renewed): it can be read; to write and to sync, "
                        + "join with a ticket (replica join TICKET)"]
                    : NoticesOf(logs),
                .. forks.Select(static fork => fork.Notice),
                .. incarnation is null ? Array.Empty<string>() : [incarnation.Notice],
            ],
        };
    }

    private static void CheckHints(IReadOnlyList<string> hints)
    {
        if (hints.Count > Ticket.HintsMax)
        {
            throw new ReplicaException("REPLICA_INVALID", $"A ticket holds at most {Ticket.HintsMax} hints; {hints.Count} were given.");
        }

        foreach (var hint in hints)
        {
            if (!PeerAddress.TryParse(hint, out var address, out var error))
            {
                throw new ReplicaException("REPLICA_INVALID", $"The hint '{hint}' is no address of a peer: {error}");
            }

            if (address.IsOnLink)
            {
                throw new ReplicaException(
                    "REPLICA_INVALID", $"The hint '{hint}' is a link-local address, which means nothing elsewhere: write another one, or none on one network.");
            }

            if (!System.Text.Ascii.IsValid(hint))
            {
                throw new ReplicaException("REPLICA_INVALID", $"The hint '{hint}' has characters that are not ASCII: write the host's number.");
            }
        }
    }

    private static bool Invite(ITransaction transaction, Operation.Invite invite)
    {
        RequireAdmin(transaction, "invite");
        transaction.Add(Target.Space.Instance, invite);
        return true;
    }

    private static string? Max(string? a, string? b) => Utf8Order.Instance.Compare(a, b) >= 0 ? a : b;
}
