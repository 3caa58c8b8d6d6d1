namespace Replica.Transport.Discovery;

/// <summary>Times and limits of discovery on the local network.</summary>
internal sealed record LanOptions
{
    /// <summary>How long an instance name is kept.</summary>
    public TimeSpan NameLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a record holds, in seconds.</summary>
    public uint RecordSeconds { get; init; } = 120;

    /// <summary>The first pause between two questions; it doubles each time.</summary>
    public TimeSpan QueryPauseMin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two questions.</summary>
    public TimeSpan QueryPauseMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The pause between the two first announcements of a name, and the shortest between two answers.</summary>
    public TimeSpan AnswerPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Questions about answers that came in parts, in one <see cref="AnswerPause"/>.</summary>
    public int FollowUpsMax { get; init; } = 8;

    /// <summary>Announcements with a tag of ours that are kept.</summary>
    public int KnownMax { get; init; } = 256;

    /// <summary>Announcements without one, kept only to be shown.</summary>
    public int StrangersMax { get; init; } = 64;

    /// <summary>Addresses of one instance, of which more than one of a family is likely a liar's.</summary>
    public int AddressesMax { get; init; } = 8;

    /// <summary>Own addresses of one family that an announcement names: with all tags it then still fits the smallest IPv6 packet.</summary>
    public int NamedPerFamilyMax { get; init; } = 4;

    /// <summary>Tags in an announcement; the rest of four is filled up with random ones.</summary>
    public int TagsMax { get; init; } = 32;
}
