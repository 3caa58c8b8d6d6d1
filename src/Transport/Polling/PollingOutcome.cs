namespace Replica.Transport.Polling;

/// <summary>What became of a body that was sent.</summary>
public enum PollingOutcome
{
    /// <summary>It was taken, now or before.</summary>
    Taken,

    /// <summary>There was no room for it in time; it is to be sent again.</summary>
    Full,

    /// <summary>It is out of order, or the session is over: a new one is needed.</summary>
    Ended,
}
