using Replica.Peer.Membership;

namespace Replica.Peer.Host;

/// <summary>What to restore, and where.</summary>
public sealed record RestoreOptions
{
    /// <summary>The backup.</summary>
    public required string File { get; init; }

    /// <summary>The home to make: a directory that is missing or empty.</summary>
    public required string Directory { get; init; }

    /// <summary>The space's name in it.</summary>
    public string Space { get; init; } = "main";

    /// <summary>Opens the keys in the backup: the new home is then the same device. Null if there are none, or they are left out.</summary>
    public Passphrase? Passphrase { get; init; }

    /// <summary>Whether keys in the backup are left out: the new home is then another device, which needs a ticket to write and to sync.</summary>
    public bool IsWithoutKeys { get; init; }

    /// <summary>What makes the home, for the message that others get meanwhile.</summary>
    public string Holder { get; init; } = "an embedding program";
}
