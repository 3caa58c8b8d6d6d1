namespace Replica.Peer.Store.Incarnations;

/// <summary>What the machine says about itself and about a database file.</summary>
/// <param name="Machine">Names the machine; at most <see cref="TextBytesMax"/> bytes.</param>
/// <param name="Boot">Names the time since it was started.</param>
/// <param name="File">Names the file: a copy has another name.</param>
/// <param name="ChangeTime">When anything about the file changed last, in units of its own.</param>
internal sealed record PlaceFacts(string Machine, string Boot, string File, long ChangeTime)
{
    /// <summary>The most bytes in one of the names.</summary>
    public const int TextBytesMax = 96;
}
