namespace Replica.PeerCli.Demo.Contests;

/// <summary>The contests of the demo, in order.</summary>
internal static class ContestScript
{
    /// <summary>One contest for each rule of the merge, each about nodes of its own.</summary>
    public static IReadOnlyList<Contest> For(Subjects subjects)
    {
        var nodes = subjects.Nodes;
        return
        [
            NodeContests.SameField(nodes[0]),
            NodeContests.OtherFields(nodes[1]),
            NodeContests.RemoveAgainstSet(nodes[2]),
            NodeContests.DeleteAgainstEdit(nodes[3]),
            NodeContests.ReplaceAgainstEdit(nodes[4]),
            NodeContests.TwoDeletes(nodes[5]),
            EdgeContests.LinkAgainstDelete(nodes[6], nodes[7]),
            EdgeContests.UnlinkAgainstField(subjects.Edge),
            EdgeContests.SameEdge(nodes[8], nodes[9]),
        ];
    }
}
