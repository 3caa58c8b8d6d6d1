namespace Replica.Peer.Host.Typed;

/// <summary>A type can't be kept as a node, or a node can't be read as the type.</summary>
internal sealed class ShapeException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The stable code.</summary>
    public const string Code = "REPLICA_SHAPE";
}
