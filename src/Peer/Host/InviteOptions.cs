using Replica.Crdt.Changes;

namespace Replica.Peer.Host;

/// <summary>What an invitation gives.</summary>
public sealed record InviteOptions
{
    /// <summary>The longest time an invitation may last.</summary>
    public static readonly TimeSpan ExpiresMax = TimeSpan.FromDays(365);

    /// <summary>The role of those who come in with it.</summary>
    public Role Role { get; init; } = Role.Writer;

    /// <summary>How many devices may come in, from 1.</summary>
    public ulong Uses
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfZero(value);
            field = value;
        }
    }

    = 1;

    /// <summary>How long it lasts, at most a year; honest sponsors heed it by their own clocks.</summary>
    public TimeSpan Expires
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, ExpiresMax);
            field = value;
        }
    }

    = TimeSpan.FromHours(24);

    /// <summary>Addresses where members listen, at most 8; the addresses this home listens on are added.</summary>
    public IReadOnlyList<string> Hints { get; init; } = [];
}
