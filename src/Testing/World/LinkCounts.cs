namespace Replica.Testing.World;

/// <summary>What simulated connection managers did.</summary>
public sealed class LinkCounts
{
    /// <summary>Histories whose peers have a connection manager.</summary>
    public long Histories { get; internal set; }

    /// <summary>Dials that came to nothing.</summary>
    public long FailedDials { get; internal set; }

    /// <summary>Sessions in which both sides said hello, counted by each side.</summary>
    public long Sessions { get; internal set; }

    /// <summary>Sessions that were ended because another one between the two is kept.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>Connections that broke unnoticed by one side.</summary>
    public long HalfOpen { get; internal set; }

    /// <summary>Connections of a hostile member that were refused because it broke the protocol before.</summary>
    public long KeptAway { get; internal set; }

    /// <summary>Adds those of another history.</summary>
    public void Add(LinkCounts other)
    {
        Histories += other.Histories;
        FailedDials += other.FailedDials;
        Sessions += other.Sessions;
        Duplicates += other.Duplicates;
        HalfOpen += other.HalfOpen;
        KeptAway += other.KeptAway;
    }
}
