using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Crdt.Tree;
using Replica.Peer.Host.Feeds;
using Replica.Peer.Host.Queries;
using Replica.Peer.Host.Typed;
using Replica.Peer.Membership;
using Replica.Peer.Store;
using Replica.Transport;

namespace Replica.Peer.Host;

/// <summary>Gives every fault that a user can act on its stable code.</summary>
internal static class Faults
{
    /// <summary>Runs something and translates what it throws.</summary>
    public static async Task<T> TranslateAsync<T>(Task<T> work)
    {
        try
        {
            return await work;
        }
        catch (Exception fault) when (Translate(fault) is { } translated)
        {
            throw new ReplicaException(translated.Code, translated.Message, fault);
        }
    }

    /// <summary>Runs something and translates what it throws.</summary>
    public static T Translate<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (Translate(fault) is { } translated)
        {
            throw new ReplicaException(translated.Code, translated.Message, fault);
        }
    }

    /// <summary>Runs something and translates what it throws.</summary>
    public static void Translate(Action work) => _ = Translate(() =>
    {
        work();
        return true;
    });

    /// <summary>The exception for the user, or nothing for one that is ours or theirs already.</summary>
    public static ReplicaException? Translate(Exception fault) => fault switch
    {
        StoreException store => new(store.Code, store.Message, store),
        MembershipException membership => new(membership.Code, membership.Message, membership),
        TransportException transport => new(transport.Code, transport.Message, transport),
        TooManyLogsException => new(TooManyLogsException.Code, fault.Message, fault),
        NotAdmittedException => new(NotAdmittedException.Code, fault.Message, fault),
        ChangeTooLongException => new("REPLICA_TRANSACTION_TOO_LONG", fault.Message, fault),
        ShapeException => new(ShapeException.Code, fault.Message, fault),
        TooManyItemsException => new(TooManyItemsException.Code, fault.Message, fault),
        UnknownPositionException => new(UnknownPositionException.Code, fault.Message, fault),
        PositionTooLongException => new(PositionTooLongException.Code, fault.Message, fault),
        EncodingException => new("REPLICA_INVALID", fault.Message, fault),
        ClockExhaustedException => new("REPLICA_CLOCK_EXHAUSTED", fault.Message, fault),
        _ => null,
    };
}
