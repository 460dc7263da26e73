from campaigns.domain.quotes import inside_quotes


def test_quotation_marks_within_quotation_marks_are_single():
    assert inside_quotes("“五亮五创五评”党员示范岗创建活动") == "‘五亮五创五评’党员示范岗创建活动"
    assert inside_quotes("2026年度党员示范岗创建活动") == "2026年度党员示范岗创建活动"
