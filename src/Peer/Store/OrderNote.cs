using Replica.Crdt.Causality;

namespace Replica.Peer.Store;

/// <summary>Keeps the name of the order of application. It is dropped wherever other changes may come to stand under numbers that were told.</summary>
internal sealed class OrderNote(IStoreEngine engine)
{
    private const string Note = "order";

    /// <summary>The name, inside a transaction of the writer; nothing before it was asked for.</summary>
    public OrderName? Name
    {
        get => engine.ReadNote(Note) is { } bytes ? OrderName.TryRead(bytes) : null;
        set => engine.SaveNote(Note, value?.ToBytes());
    }

    /// <summary>Whether the name had to be dropped and the disk did not take it: it counts for nothing then.</summary>
    public bool IsVoid { get; set; }

    /// <summary>The name, inside a transaction of the writer, drawn if there is none that counts.</summary>
    public OrderName Take(Func<IncarnationNonce> draw)
    {
        if (!IsVoid && Name is { } known)
        {
            return known;
        }

        // Until a commit keeps it, it may be drawn once more, and nobody was told it.
        var name = OrderName.Of(draw());
        Name = name;
        return name;
    }
}
