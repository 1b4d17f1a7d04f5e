"""Linear models: two parameters, so that the whole loss can be drawn.

linear_models         lines and logistic regression, with their exact minimum
mini_batches          a gradient from a few examples: right on average, with random noise
sparse                rare features that matter most
"""
