namespace Replica.Peer.Store;

/// <summary>A node that shows.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type; may be empty.</param>
/// <param name="Data">Its fields as canonical JSON; valid until the next row is asked for.</param>
internal readonly record struct VisibleNode(string Id, string Type, ReadOnlyMemory<byte> Data)
{
    /// <summary>Its vector, 32-bit floats, little-endian; empty for none.</summary>
    public ReadOnlyMemory<byte> Vector { get; init; }
}
