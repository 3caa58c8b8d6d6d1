namespace Replica.Peer.Host;

/// <summary>How it stands with the backups of a space that is saved again and again.</summary>
/// <param name="LastFile">The newest file; null if there is none yet.</param>
/// <param name="LastAt">When it was begun.</param>
/// <param name="NextAt">When the next is due.</param>
/// <param name="Failure">Why the last try failed, with its code; null if it did not.</param>
public sealed record BackupStatus(string? LastFile, DateTimeOffset? LastAt, DateTimeOffset NextAt, string? Failure);
