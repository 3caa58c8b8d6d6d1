namespace Replica.Bench;

/// <summary>One record as an application would import it: five fields of five types.</summary>
/// <param name="Id">32 hexadecimal digits, random: the order of import is not the order of the key.</param>
/// <param name="Title">Words, 20 to 60 characters.</param>
/// <param name="Quantity">Mostly small, sometimes huge.</param>
/// <param name="Price">Two decimals, 0 to 10,000.</param>
/// <param name="Done">True for three in ten.</param>
/// <param name="ChangedAt">A time in ISO 8601, to the millisecond, in UTC.</param>
internal sealed record Record(string Id, string Title, long Quantity, double Price, bool Done, string ChangedAt);
