namespace Replica.Transport.Dialing;

/// <summary>One address of a target and how it fares.</summary>
internal sealed class Candidate(PeerAddress address, CandidateKind kind)
{
    /// <summary>The address.</summary>
    public PeerAddress Address => address;

    /// <summary>The best way in which it was learned.</summary>
    public CandidateKind Kind { get; set; } = kind;

    /// <summary>Whether it goes through a relay: the last to be tried, whatever its kind.</summary>
    public bool IsRelayed => address is PeerAddress.RelayRoute;

    /// <summary>Whether nothing but an announcement on the local network speaks for it.</summary>
    public bool IsAnnounced => Kind is CandidateKind.Lan or CandidateKind.Hearsay && !WasGood;

    /// <summary>Its place in the order of trying.</summary>
    public int Rank => IsRelayed ? int.MaxValue : (int)Kind;

    /// <summary>When it is to be tried; null while it is being tried, or failed in this race.</summary>
    public TimeSpan? DueAt { get; set; }

    /// <summary>Whether it is being tried, or carries a session that this side dialled.</summary>
    public bool IsDialling { get; set; }

    /// <summary>Whether it carries a session.</summary>
    public bool IsInSession { get; set; }

    /// <summary>Whether it is being tried now.</summary>
    public bool IsUnderWay => IsDialling && !IsInSession;

    /// <summary>When the dial under way began.</summary>
    public TimeSpan BegunAt { get; set; }

    /// <summary>Whether it was taken back while it was being tried, or carried a session: it goes when that ends.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>Whether it led to a session.</summary>
    public bool WasGood { get; set; }

    /// <summary>Until when it is left alone because it led back to this process.</summary>
    public TimeSpan LeftAloneUntil { get; set; }

    /// <summary>Why it failed last; empty if it did not.</summary>
    public string Detail { get; set; } = "";
}
