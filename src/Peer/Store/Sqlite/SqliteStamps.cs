using Replica.Crdt.Causality;

namespace Replica.Peer.Store.Sqlite;

/// <summary>Stamps as four columns: time, branch, seq, index.</summary>
/// <remarks>Columns are signed and times are not: the sign bit is turned, so that rows sort by time.</remarks>
internal static class SqliteStamps
{
    private const ulong SignBit = 1UL << 63;

    /// <summary>A time as a column.</summary>
    public static long ToColumn(HybridTimestamp time) => unchecked((long)(time.Value ^ SignBit));

    /// <summary>Binds the four parameters from <paramref name="first"/> on.</summary>
    public static SqliteStatement Bind(this SqliteStatement statement, int first, Stamp stamp) => statement
        .Bind(first, ToColumn(stamp.Time))
        .Bind(first + 1, stamp.Branch.Value)
        .Bind(first + 2, (long)stamp.Seq)
        .Bind(first + 3, stamp.Index);

    /// <summary>Reads the four columns from <paramref name="first"/> on.</summary>
    public static Stamp Stamp(this SqliteStatement row, int first) => new(
        new(unchecked((ulong)row.Integer(first)) ^ SignBit),
        new((int)row.Integer(first + 1)),
        (ulong)row.Integer(first + 2),
        (int)row.Integer(first + 3));

    /// <summary>Binds a stamp that may be missing: then its number is 0, which no change has.</summary>
    public static SqliteStatement BindLink(this SqliteStatement statement, int first, Stamp? stamp) => statement.Bind(first, stamp ?? default);

    /// <summary>Reads a stamp that may be missing.</summary>
    public static Stamp? Link(this SqliteStatement row, int first) => row.Integer(first + 2) == 0 ? null : row.Stamp(first);
}
