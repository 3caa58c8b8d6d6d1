namespace Replica.Crdt.Causality;

/// <summary>Hash codes of names that others choose.</summary>
/// <remarks>
/// The base library folds a long number to 32 bits before its secret seed comes in, so that a member could announce any number
/// of names with one hash code and make each table of them a list. Here every bit meets the seed.
/// </remarks>
internal static class SeededHash
{
    /// <summary>Of 16 bytes.</summary>
    public static int Of(UInt128 value) =>
        unchecked(HashCode.Combine((uint)value, (uint)(value >> 32), (uint)(value >> 64), (uint)(value >> 96)));

    /// <summary>Of a name and a number.</summary>
    public static int Of(int name, ulong number) => unchecked(HashCode.Combine(name, (uint)number, (uint)(number >> 32)));
}
