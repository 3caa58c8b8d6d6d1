namespace Replica.Bench;

/// <summary>One line of the comparison: the same work, done by several contenders in turn.</summary>
/// <remarks>A new row is a class in <c>Rows/</c> and its line in <see cref="RowTable"/>.</remarks>
internal interface IRow
{
    /// <summary>Short name by which the row is asked for, such as <c>W1</c>.</summary>
    string Name { get; }

    /// <summary>What is done, for the heading.</summary>
    string Title { get; }

    /// <summary>How many units of work a run is; rates are units a second.</summary>
    long Units { get; }

    /// <summary>Whether it takes minutes: then it runs only when it is named.</summary>
    bool IsLong => false;

    /// <summary>Who takes part. The first is what the others are compared with.</summary>
    IReadOnlyList<(string Name, Func<Contender> Make)> Contenders { get; }
}
