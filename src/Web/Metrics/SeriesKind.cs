namespace Replica.Web.Metrics;

/// <summary>What the numbers of a series are.</summary>
internal enum SeriesKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>How often values fell between bounds.</summary>
    Histogram,
}
