using Replica.Crdt.Causality;

namespace Replica.Peer.Store;

/// <summary>An element as it rests in a store.</summary>
/// <param name="IsAlive">Whether at least one write is not erased.</param>
/// <param name="Type">The type shown; empty for edges.</param>
/// <param name="Data">The shown fields as canonical JSON.</param>
/// <param name="Clocks">Stamps, marks and hidden values (see <see cref="ElementRowCodec"/>); empty for a node only linked to.</param>
internal readonly record struct ElementRow(bool IsAlive, string Type, ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte> Clocks)
{
    /// <summary>The vector shown, 32-bit floats, little-endian; empty for none and for edges.</summary>
    public ReadOnlyMemory<byte> Vector { get; init; }

    /// <summary>The link of an edge that shows: it orders the edges of a to-one relation. Nothing for nodes and without one.</summary>
    public Stamp? Link { get; init; }

    /// <summary>Whether something in it was written concurrently and is not settled.</summary>
    public bool HasConflicts { get; init; }
}
