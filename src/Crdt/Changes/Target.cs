namespace Replica.Crdt.Changes;

/// <summary>What an operation is about: the space, a node, or an edge. The set of kinds is closed.</summary>
public abstract record Target
{
    private Target()
    {
    }

    /// <summary>The space itself: membership and settings.</summary>
    public sealed record Space : Target
    {
        /// <summary>The one value; all are equal.</summary>
        public static Space Instance { get; } = new();
    }

    /// <summary>A node.</summary>
    /// <param name="Id">Its id, 1 to 256 UTF-8 bytes.</param>
    public sealed record Node(string Id) : Target;

    /// <summary>An edge.</summary>
    /// <param name="From">The id of the node it leaves.</param>
    /// <param name="Relation">What it means, 0 to 256 UTF-8 bytes.</param>
    /// <param name="To">The id of the node it enters.</param>
    /// <param name="Key">Tells parallel edges apart, 0 to 256 UTF-8 bytes; mostly empty.</param>
    public sealed record Edge(string From, string Relation, string To, string Key = "") : Target;
}
